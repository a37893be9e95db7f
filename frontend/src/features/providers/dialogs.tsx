import { Modal, Select, Switch, Textarea, TextInput } from "@mantine/core";
import { Controller, useForm } from "react-hook-form";
import { useWrite } from "@/api/hooks";
import { useScope } from "@/app/scope";
import { Button } from "@/ui/Button";
import { History } from "@/features/audit/History";
import { FormDialog } from "@/ui/FormDialog";
import { toast } from "@/ui/toasts";
import type { Key, Provider } from "./ProvidersPage";
import { t } from "./words";

const EMPTY = { name: "", slug: "", entity: "", contact_email: "", notes: "", test_mode: false };

export function CreateProvider({ onClose, onKey }: { onClose: () => void; onKey: (key: Key) => void }) {
  const { entity, entities } = useScope();
  const first = entity ?? (entities.length === 1 ? entities[0] : undefined) ?? "";
  const form = useForm({ defaultValues: { ...EMPTY, entity: first } });
  const write = useWrite("post", "/api/providers", ["/api/providers"]);
  const { errors } = form.formState;
  const save = async (body: typeof EMPTY) => {
    const { provider } = await write.mutateAsync({ body });
    onKey({ name: provider.name, secret: provider.api_key });
  };
  return (
    <FormDialog title={t("create")} action={t("create")} done={t("created_done")} form={form} onSave={save} onClose={onClose}>
      <TextInput label={t("name")} error={errors.name?.message} {...form.register("name", { required: t("needed") })} />
      <TextInput label={t("slug")} description={t("slug_help")} error={errors.slug?.message} {...form.register("slug", { required: t("needed") })} />
      {entities.length > 1 && <Controller control={form.control} name="entity" rules={{ required: t("no_entity") }} render={({ field }) => <Select label={t("entity")} data={entities} allowDeselect={false} {...field} value={field.value || null} error={errors.entity?.message} />} />}
      <TextInput label={`${t("email")} ${t("optional")}`} error={errors.contact_email?.message} {...form.register("contact_email")} />
      <Controller control={form.control} name="test_mode" render={({ field: { value, ...field } }) => <Switch label={t("test")} description={t("test_help")} checked={value} {...field} />} />
    </FormDialog>
  );
}

export function EditProvider({ provider, onClose }: { provider: Provider; onClose: () => void }) {
  const { name, contact_email, notes, test_mode } = provider;
  const form = useForm({ defaultValues: { name, contact_email, notes, test_mode } });
  const write = useWrite("put", "/api/providers/{provider_id}", ["/api/providers"]);
  const { errors } = form.formState;
  return (
    <FormDialog title={t("edit_title", { name })} action={t("save")} done={t("saved")} form={form} onClose={onClose} onSave={(body) => write.mutateAsync({ path: { provider_id: provider.id }, body })}>
      <TextInput label={t("name")} error={errors.name?.message} {...form.register("name", { required: t("needed") })} />
      <TextInput label={`${t("email")} ${t("optional")}`} error={errors.contact_email?.message} {...form.register("contact_email")} />
      <Textarea label={`${t("notes")} ${t("optional")}`} error={errors.notes?.message} {...form.register("notes")} />
      <Controller control={form.control} name="test_mode" render={({ field: { value, ...field } }) => <Switch label={t("test")} description={t("test_help")} checked={value} {...field} />} />
      <History id={provider.id} kind="provider" />
    </FormDialog>
  );
}

/** The only time that the key is seen: it is closed by a button, not by a click beside it. */
export function KeyOnce({ name, secret, onClose }: { name: string; secret: string; onClose: () => void }) {
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(secret);
      toast.done(t("copied"));
    } catch (error) {
      toast.failed(error);
    }
  };
  return (
    <Modal opened onClose={onClose} title={t("once_title", { name })} centered closeOnClickOutside={false} closeOnEscape={false} closeButtonProps={{ "aria-label": t("dismiss") }}>
      <div className="stack">
        <p>{t("once_body")}</p>
        <div className="key-once">
          <code>{secret}</code>
          <span className="grow" />
          <Button onClick={() => void copy()}>{t("copy")}</Button>
        </div>
        <div className="dialog-actions">
          <Button kind="primary" onClick={onClose}>{t("close")}</Button>
        </div>
      </div>
    </Modal>
  );
}
