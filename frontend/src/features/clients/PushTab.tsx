/** How the client's own interface is called; a test call before anything real leaves. */
import { PasswordInput, Select, Switch, TagsInput, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import { Controller, useForm } from "react-hook-form";
import { useRead, useWrite } from "@/api/hooks";
import type { Schema } from "@/api/types";
import { useCan } from "@/app/session";
import { dateTime } from "@/lib/format";
import { Button } from "@/ui/Button";
import { confirm } from "@/ui/confirm";
import { ErrorBlock } from "@/ui/ErrorBlock";
import { FormPage } from "@/ui/FormPage";
import { Card, Facts } from "@/ui/Page";
import { Pill } from "@/ui/Pill";
import { Lines } from "@/ui/Skeletons";
import { toast } from "@/ui/toasts";
import { pushOutcome, pushState } from "@/words/states";
import type { Detail } from "./ClientPage";
import { asLines, asMapping } from "./mapping";
import { t } from "./words";

type Push = Schema<"PushAnswer">;
type Tested = Schema<"PushTested">;
const AUTHS = ["none", "bearer", "basic", "header", "hmac"] as const;

export function PushTab({ client }: { client: Detail }) {
  const can = useCan();
  const read = useRead("/api/clients/{client_id}/push", { path: { client_id: client.id } });
  if (read.error && !read.data) return <ErrorBlock error={read.error} retry={() => void read.refetch()} />;
  if (!read.data) return <Lines count={8} />;
  const push = read.data;
  return (
    <div className="columns">
      <Card title={t("push")} note={t("push_intro")}>
        {can("clients.edit") ? <Form key={client.id} client={client} push={push} /> : <Facts rows={[[t("url"), push.url], [t("auth"), t(`auth_${push.auth}`)]]} />}
      </Card>
      <div className="stack">
        <Card title={t("status")}>
          <Facts
            rows={[
              [t("status"), <Pill key="state" of={pushState} value={push.state} />],
              [t("proof"), t(push.proof_used === "api" ? "proof_api" : "proof_email")],
              [t("failing_since"), push.failing_since && dateTime(push.failing_since)],
              [t("last_failure"), push.last_failure],
            ]}
          />
        </Card>
        {can("clients.edit") && <Test client={client} push={push} />}
      </div>
    </div>
  );
}

function Test({ client, push }: { client: Detail; push: Push }) {
  const write = useWrite("post", "/api/clients/{client_id}/push/test", ["/api/clients/{client_id}/activity"]);
  const [tested, setTested] = useState<Tested>();
  const ask = async () => {
    const said = await confirm({ title: t("test_title", { name: client.name }), body: t("test_body", { url: push.url }), action: t("test_action") });
    if (!said) return;
    try {
      setTested(await write.mutateAsync({ path: { client_id: client.id } }));
    } catch (error) {
      toast.failed(error);
    }
  };
  return (
    <Card title={t("test")} actions={<Button refusal={push.url ? undefined : t("test_first")} busy={write.isPending} onClick={() => void ask()}>{t("test_action")}</Button>}>
      {!tested && <p className="muted">{t("test_help")}</p>}
      {tested && (
        <div className="stack" role="status">
          <span className="inline">{t("test_result")} <Pill of={pushOutcome} value={tested.outcome} /></span>
          <h3 className="note">{t("test_sent")}</h3>
          <pre className="answer">{tested.body}</pre>
          <h3 className="note">{t("test_answer")}</h3>
          <pre className="answer">{tested.answer}</pre>
        </div>
      )}
    </Card>
  );
}

function values(push: Push) {
  return {
    enabled: push.enabled, url: push.url, auth: push.auth as string, username: push.username, header_name: push.header_name, secret: "",
    mapping: asLines(push.mapping ?? {}), per_call: push.per_call as string, idempotent: push.idempotent, proof: (push.proof ?? "") as string,
    accepted: push.rules?.accepted?.markers ?? [], refused: push.rules?.refused?.markers ?? [], duplicate: push.rules?.duplicate?.markers ?? [],
  };
}

function Form({ client, push }: { client: Detail; push: Push }) {
  const form = useForm({ defaultValues: values(push) });
  const write = useWrite("put", "/api/clients/{client_id}/push", ["/api/clients", "/api/cockpit"]);
  const { errors } = form.formState;
  const auth = form.watch("auth");
  const rule = (kind: "accepted" | "refused" | "duplicate", markers: string[]) => ({ statuses: push.rules?.[kind]?.statuses ?? [], markers });
  const save = (given: ReturnType<typeof values>) =>
    write.mutateAsync({
      path: { client_id: client.id },
      body: {
        ...given,
        auth: given.auth as Push["auth"],
        per_call: given.per_call as Push["per_call"],
        proof: (given.proof || null) as Push["proof"] & string,
        secret: given.secret || null,
        mapping: asMapping(given.mapping),
        accepted: rule("accepted", given.accepted),
        refused: rule("refused", given.refused),
        duplicate: rule("duplicate", given.duplicate),
      },
    });
  const markers = (name: "accepted" | "refused" | "duplicate") => (
    <Controller key={name} control={form.control} name={name} render={({ field }) => <TagsInput label={`${t(`${name}_markers`)} ${t("optional")}`} description={t("markers_help")} {...field} error={errors[name]?.message} />} />
  );
  return (
    <FormPage form={form} onSave={save}>
      <Controller control={form.control} name="enabled" render={({ field: { value, ...field } }) => <Switch label={t("enabled")} checked={value} {...field} />} />
      <TextInput label={t("url")} description={t("url_help")} error={errors.url?.message} {...form.register("url")} />
      <Controller control={form.control} name="auth" render={({ field }) => <Select label={t("auth")} data={AUTHS.map((value) => ({ value, label: t(`auth_${value}`) }))} allowDeselect={false} {...field} />} />
      {auth === "basic" && <TextInput label={t("username")} error={errors.username?.message} {...form.register("username")} />}
      {auth === "header" && <TextInput label={t("header_name")} error={errors.header_name?.message} {...form.register("header_name")} />}
      {auth !== "none" && <PasswordInput label={t("secret")} autoComplete="off" description={t(push.has_secret ? "secret_kept" : "secret_none")} error={errors.secret?.message} {...form.register("secret")} />}
      <Textarea label={`${t("mapping")} ${t("optional")}`} description={t("mapping_help")} autosize minRows={3} error={errors.mapping?.message} {...form.register("mapping")} />
      <div className="pair">
        <Controller control={form.control} name="per_call" render={({ field }) => <Select label={t("per_call")} data={[{ value: "lead", label: t("per_lead") }, { value: "batch", label: t("per_batch") }]} allowDeselect={false} {...field} />} />
        <Controller control={form.control} name="proof" render={({ field }) => <Select label={t("proof")} data={[{ value: "", label: t("proof_auto") }, { value: "email", label: t("proof_email") }, { value: "api", label: t("proof_api") }]} allowDeselect={false} {...field} />} />
      </div>
      <Controller control={form.control} name="idempotent" render={({ field: { value, ...field } }) => <Switch label={t("idempotent")} checked={value} {...field} />} />
      {(["accepted", "refused", "duplicate"] as const).map(markers)}
    </FormPage>
  );
}
