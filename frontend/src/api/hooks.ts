/** Reading and writing from a page. A page opens with three calls at most, the frame's own included. */
import { QueryClient, useMutation, useQuery, useQueryClient, type UseQueryResult } from "@tanstack/react-query";
import { useScope } from "@/app/scope";
import { call } from "./client";
import { ApiError } from "./errors";
import type { Answer, Body, Method, Params, PathOf, Query } from "./types";

export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      retry: (count, error) => count < 1 && (!(error instanceof ApiError) || error.status >= 500 || error.status === 0),
      refetchOnWindowFocus: true,
    },
  },
});

interface Read<P extends PathOf<"get">> {
  path?: Params<"get", P>;
  query?: Query<"get", P>;
  enabled?: boolean;
  /** Seconds between two quiet readings of a live page; none while the tab is hidden. */
  everyS?: number;
  /** What the user is looking at leaves with the scope: false for what has none. */
  scoped?: boolean;
}

export type Reading<T> = UseQueryResult<T, Error>;

/**
 * `useRead("/api/leads/list", { query: { status: ["new"] } })`.
 * What was shown stays while the same entity and record is read again with other filters; else it is emptied.
 */
export function useRead<P extends PathOf<"get">>(path: P, given: Read<P> = {}): Reading<Answer<"get", P>> {
  const { scope, entity } = useScope();
  const scoped = given.scoped ?? true;
  const identity = JSON.stringify([path, given.path ?? null, scoped ? scope : null]);
  const query = { ...(given.query as object | undefined), ...(scoped && entity ? { entity } : {}) };
  return useQuery<Answer<"get", P>, Error>({
    queryKey: [path, identity, query],
    queryFn: ({ signal }) =>
      call("get", path, {
        path: given.path as never,
        query: query as never,
        scope: scoped ? scope : undefined,
        signal,
      }),
    enabled: given.enabled ?? true,
    placeholderData: (previous, last) => (last?.queryKey[1] === identity ? (previous as never) : undefined),
    ...(given.everyS ? { refetchInterval: given.everyS * 1000, refetchIntervalInBackground: false } : {}),
  });
}

const LIVE_S = 15;

/** As `useRead`, read again every 15 s while the tab is seen, and at once when it is seen again. `LiveMark` says how fresh it is. */
export function useLive<P extends PathOf<"get">>(path: P, given: Omit<Read<P>, "everyS"> = {}): Reading<Answer<"get", P>> {
  return useRead(path, { ...given, everyS: LIVE_S });
}

type Write<M extends Method, P extends PathOf<M>> = { path?: Params<M, P>; query?: Query<M, P>; body?: Body<M, P>; key?: string };

/**
 * `const reject = useWrite("post", "/api/deliveries/{delivery_id}/reject-leads", ["/api/deliveries"])`,
 * then `await reject.mutateAsync({ path: { delivery_id }, body })`: nothing is shown as done before the server said so.
 * `touches`: beginnings of the paths that must be read again afterwards.
 */
export function useWrite<M extends Method, P extends PathOf<M>>(method: M, path: P, touches: string[]) {
  const client = useQueryClient();
  const { scope } = useScope();
  return useMutation<Answer<M, P>, Error, Write<M, P>>({
    mutationFn: (given) => call(method, path, { ...given, scope } as never),
    onSuccess: () =>
      client.invalidateQueries({
        predicate: ({ queryKey }) => touches.some((one) => String(queryKey[0]).startsWith(one)),
      }),
  });
}
