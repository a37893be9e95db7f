import type { Reading } from "@/api/hooks";
import { useWrite } from "@/api/hooks";
import type { Schema } from "@/api/types";
import { useSession } from "@/app/session";
import { Button, ButtonLink } from "@/ui/Button";
import { confirm } from "@/ui/confirm";
import { History } from "@/features/audit/History";
import { ErrorBlock } from "@/ui/ErrorBlock";
import { SidePanel } from "@/ui/SidePanel";
import { Lines } from "@/ui/Skeletons";
import { toast } from "@/ui/toasts";
import { UserForm } from "./UserForm";
import type { User } from "./UsersPage";
import { t } from "./words";

/** The panel of somebody who does not exist yet. */
export const NEW = "nouveau";
export const TOUCHED = ["/api/auth/users", "/api/event-log"];

export function UserPanel({ user, rights, open, previous, next }: {
  user: User | undefined; rights: Reading<Schema<"PermissionKeys">>; open: (id: string | undefined) => void;
  previous: string | undefined; next: string | undefined;
}) {
  return (
    <SidePanel title={user ? user.nom : t("create_title")} open={open} previous={previous} next={next}>
      {rights.data ? (
        <div className="stack">
          {user && <UserActions user={user} />}
          {user && <History key={`history-${user.id}`} id={user.id} kind="user" />}
          <UserForm key={user?.id ?? NEW} user={user} rights={rights.data} done={open} />
        </div>
      ) : rights.error ? (
        <ErrorBlock error={rights.error} retry={() => void rights.refetch()} />
      ) : (
        <Lines count={8} />
      )}
    </SidePanel>
  );
}

function UserActions({ user }: { user: User }) {
  const me = useSession().user;
  const deactivate = useWrite("delete", "/api/auth/users/{user_id}", TOUCHED);
  const change = useWrite("put", "/api/auth/users/{user_id}", TOUCHED);
  const invite = useWrite("post", "/api/auth/users/{user_id}/invite", TOUCHED);
  const verb = user.is_active ? "deactivate" : "reactivate";
  const path = { user_id: user.id };
  const act = async () => {
    const said = await confirm({ title: t(`${verb}_title`, { name: user.nom }), body: t(`${verb}_body`), action: t(`${verb}_action`), danger: user.is_active });
    if (!said) return;
    try {
      await (user.is_active ? deactivate.mutateAsync({ path }) : change.mutateAsync({ path, body: { is_active: true } }));
      toast.done(t(user.is_active ? "deactivated" : "reactivated"));
    } catch (error) {
      toast.failed(error);
    }
  };
  const sendLink = async () => {
    const names = { name: user.nom, email: user.email };
    if (!(await confirm({ title: t("invite_title", names), body: t("invite_body", names), action: t("invite_action") }))) return;
    try {
      await invite.mutateAsync({ path });
      toast.done(t("invited"));
    } catch (error) {
      toast.failed(error);
    }
  };
  return (
    <div className="inline">
      {user.is_active && <Button busy={invite.isPending} onClick={() => void sendLink()}>{t("invite")}</Button>}
      <Button busy={deactivate.isPending || change.isPending} refusal={user.id === me.id ? t("yourself") : undefined} onClick={() => void act()}>
        {t(verb)}
      </Button>
      <ButtonLink to={`/admin/activity?user_filter=${encodeURIComponent(user.email)}`}>{t("log")}</ButtonLink>
    </div>
  );
}
