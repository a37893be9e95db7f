/** Mon compte: the reference of a form of few fields (`FormPage`). */
import { PasswordInput } from "@mantine/core";
import { useForm } from "react-hook-form";
import { useWrite } from "@/api/hooks";
import { useSession } from "@/app/session";
import { EntityBadge } from "@/ui/EntityBadge";
import { FormPage } from "@/ui/FormPage";
import { useKept } from "@/ui/kept";
import { Card, Facts, Page } from "@/ui/Page";
import { role, textOf, type Dictionary } from "@/words/states";
import { t } from "./words";

const EMPTY = { current_password: "", new_password: "" };

export default function AccountPage() {
  const { user } = useSession();
  const form = useForm({ defaultValues: EMPTY });
  const change = useWrite("post", "/api/auth/password", []);
  const { errors } = form.formState;
  const [singles, setSingles] = useKept("single_keys", true);
  return (
    <Page title={t("account")} intro={t("intro")} narrow="form">
      <Card title={t("identity")}>
        <Facts
          rows={[
            [t("name"), user.nom],
            [t("email"), user.email],
            [t("role"), textOf(role as Dictionary<string>, user.role)],
            [t("entity"), <EntityBadge key="entity" code={user.entity} />],
          ]}
        />
      </Card>
      <Card title={t("keyboard")}>
        <label className="tick">
          <input type="checkbox" checked={singles} onChange={(event) => setSingles(event.target.checked)} />
          {t("single_keys")}
        </label>
        <p className="note">{t("single_keys_help")}</p>
      </Card>
      <Card title={t("change")}>
        <FormPage form={form} onSave={(body) => change.mutateAsync({ body })} cleared>
          <PasswordInput
            label={t("current")}
            autoComplete="current-password"
            error={errors.current_password?.message}
            visibilityToggleButtonProps={{ "aria-label": t("show") }}
            {...form.register("current_password", { required: t("needed") })}
          />
          <PasswordInput
            label={t("next")}
            description={t("next_help")}
            autoComplete="new-password"
            error={errors.new_password?.message}
            visibilityToggleButtonProps={{ "aria-label": t("show") }}
            {...form.register("new_password", { required: t("needed") })}
          />
        </FormPage>
      </Card>
    </Page>
  );
}
