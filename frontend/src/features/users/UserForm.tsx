/** A user's name, entity, role and rights; choosing a role refills the rights. */
import { NativeSelect, TextInput } from "@mantine/core";
import { useForm, useWatch, type UseFormReturn } from "react-hook-form";
import { useWrite } from "@/api/hooks";
import type { Schema } from "@/api/types";
import { useSession } from "@/app/session";
import { FormPage } from "@/ui/FormPage";
import { groupWord, grouped, permissionWord } from "@/words/permissions";
import { role as roles, textOf, type Dictionary } from "@/words/states";
import { TOUCHED } from "./UserPanel";
import type { User } from "./UsersPage";
import { t } from "./words";

type Role = Schema<"NewUser">["role"];
interface Fields {
  nom: string;
  email: string;
  entity: string;
  role: string;
  granted: string[];
}

export function grantedKeys(permissions: Record<string, boolean>): string[] {
  return Object.keys(permissions).filter((key) => permissions[key] === true);
}

function asMap(keys: string[], granted: string[]): Record<string, boolean> {
  return Object.fromEntries(keys.map((key) => [key, granted.includes(key)]));
}

export function UserForm({ user, rights, done }: { user: User | undefined; rights: Schema<"PermissionKeys">; done: (id: string) => void }) {
  const { entities } = useSession();
  const create = useWrite("post", "/api/auth/users", TOUCHED);
  const change = useWrite("put", "/api/auth/users/{user_id}", TOUCHED);
  const form = useForm<Fields>({
    defaultValues: {
      nom: user?.nom ?? "",
      email: user?.email ?? "",
      entity: user?.entity ?? entities[0]?.code ?? "",
      role: user?.role ?? "viewer",
      granted: grantedKeys(user?.permissions ?? rights.presets.viewer ?? {}),
    },
  });
  const { errors } = form.formState;
  const save = async ({ nom, email, entity, role, granted }: Fields) => {
    const given = { nom, entity, role: role as Role, permissions: asMap(rights.keys, granted) };
    if (user) return change.mutateAsync({ path: { user_id: user.id }, body: given });
    const made = await create.mutateAsync({ body: { ...given, email } });
    form.reset();
    return done(made.user.id);
  };
  const role = form.register("role");
  return (
    <FormPage form={form} onSave={save}>
      <TextInput label={t("name")} error={errors.nom?.message} {...form.register("nom", { required: t("needed") })} />
      {!user && (
        <>
          <TextInput label={t("email")} type="email" autoComplete="off" error={errors.email?.message} {...form.register("email", { required: t("needed") })} />
          <p className="note">{t("invited_help")}</p>
        </>
      )}
      <NativeSelect label={t("entity")} data={entities.map((one) => one.code)} error={errors.entity?.message} {...form.register("entity")} />
      <NativeSelect
        label={t("role")}
        data={rights.roles.map((value) => ({ value, label: textOf(roles as Dictionary<string>, value) }))}
        error={errors.role?.message}
        {...role}
        onChange={(event) => {
          void role.onChange(event);
          form.setValue("granted", grantedKeys(rights.presets[event.currentTarget.value] ?? {}), { shouldDirty: true });
        }}
      />
      <Rights form={form} keys={rights.keys} />
    </FormPage>
  );
}

function Rights({ form, keys }: { form: UseFormReturn<Fields>; keys: string[] }) {
  const [granted, role] = useWatch({ control: form.control, name: ["granted", "role"] });
  if (role === "super_admin") return <p className="note">{t("rights_all")}</p>;
  const toggle = (key: string, on: boolean) =>
    form.setValue("granted", on ? [...granted, key] : granted.filter((one) => one !== key), { shouldDirty: true });
  return (
    <fieldset className="ticks">
      <legend>{t("rights")}</legend>
      <p className="note">{t("rights_help")}</p>
      {grouped(keys).map(([group, some]) => (
        <fieldset key={group} className="ticks">
          <legend>{groupWord(group)}</legend>
          {some.map((key) => (
            <label key={key} className="tick">
              <input type="checkbox" checked={granted.includes(key)} onChange={(event) => toggle(key, event.target.checked)} />
              {permissionWord(key)}
            </label>
          ))}
        </fieldset>
      ))}
    </fieldset>
  );
}
