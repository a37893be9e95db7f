/** Who is signed in, and what they may do: one call, `GET /api/me/bootstrap`. */
import { useMantineColorScheme } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { createContext, useContext, useEffect, type ReactNode } from "react";
import { useLocation, useNavigate } from "react-router";
import { call, onSessionLost } from "@/api/client";
import { ApiError } from "@/api/errors";
import type { Schema } from "@/api/types";
import { language, setLanguage } from "@/lib/i18n";
import { ErrorBlock } from "@/ui/ErrorBlock";
import { adopt, useKept, type Kept } from "@/ui/kept";
import { FrameSkeleton } from "@/ui/Skeletons";
import { forgetRecents } from "./recents";

export type Session = Schema<"Bootstrap">;
export type Permission = string;

const Context = createContext<Session | null>(null);
export const BOOTSTRAP = ["/api/me/bootstrap"];

export function SessionProvider({ children }: { children: ReactNode }) {
  const leave = useLeave();
  const read = useQuery({
    queryKey: BOOTSTRAP,
    queryFn: ({ signal }) => call("get", "/api/me/bootstrap", { signal }),
    staleTime: 60_000,
    refetchInterval: 60_000,
    retry: false,
  });
  useEffect(() => onSessionLost(leave), [leave]);
  useChosen(read.data);
  if (read.data) return <Context value={read.data}>{children}</Context>;
  if (read.error instanceof ApiError && read.error.status === 401) return <FrameSkeleton />;
  if (read.error) return <ErrorBlock error={read.error} retry={() => void read.refetch()} alone />;
  return <FrameSkeleton />;
}

/** What the person chose is applied: on this browser at once, from another with the next reading. */
function useChosen(session: Session | undefined): void {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  useEffect(() => {
    if (session) adopt(session.user.id, session.preferences);
  }, [session]);
  const [theme] = useKept<Kept["theme"]>("theme", undefined);
  const [chosen] = useKept<Kept["language"]>("language", undefined);
  useEffect(() => {
    if (theme && theme !== colorScheme) setColorScheme(theme);
  }, [theme, colorScheme, setColorScheme]);
  useEffect(() => {
    if (chosen && chosen !== language()) setLanguage(chosen);
  }, [chosen]);
}

export function useSession(): Session {
  const session = useContext(Context);
  if (!session) throw new Error("outside of SessionProvider");
  return session;
}

/** `const can = useCan(); can("deliveries.outcome")`: what is refused by the server is not offered. */
export function useCan(): (permission: Permission | undefined) => boolean {
  const { user } = useSession();
  return (permission) =>
    permission === undefined || user.role === "super_admin" || user.permissions[permission] === true;
}

/** The tour is for who may do all that it asks for, on the demonstration base. */
export function useTourOffered(): boolean {
  const { demo, entities } = useSession();
  const can = useCan();
  const asked = ["leads.view", "deliveries.view", "deliveries.outcome", "system.manage", "billing.close"];
  return demo && entities.some((one) => one.code === "ZR7") && asked.every((one) => can(one));
}

/** To the login page, and back here afterwards. */
function useLeave(): () => void {
  const navigate = useNavigate();
  const location = useLocation();
  const client = useQueryClient();
  const here = location.pathname + location.search;
  return () => {
    client.clear();
    void navigate(`/login?retour=${encodeURIComponent(here)}`, { replace: true });
  };
}

export function useLogOut(): () => Promise<void> {
  const navigate = useNavigate();
  const client = useQueryClient();
  return async () => {
    try {
      await call("post", "/api/auth/logout");
    } finally {
      forgetRecents();
      client.clear();
      await navigate("/login", { replace: true });
    }
  };
}
