/** A spreadsheet of clients, commandes or prices: chosen, mapped, checked whole, then written as a task. */
import { FileInput, Select } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useSearchParams } from "react-router";
import { address } from "@/api/client";
import { useWrite } from "@/api/hooks";
import type { Schema } from "@/api/types";
import { useScope } from "@/app/scope";
import { useCan, useSession } from "@/app/session";
import { number } from "@/lib/format";
import { french } from "@/lib/typography";
import { Button } from "@/ui/Button";
import type { Column } from "@/ui/DataTable";
import { NotAllowed } from "@/ui/Empty";
import { ErrorBlock } from "@/ui/ErrorBlock";
import { Stat } from "@/ui/Figure";
import { Card, Page } from "@/ui/Page";
import { PlainTable } from "@/ui/PlainTable";
import { toast } from "@/ui/toasts";
import { watch } from "../tasks/watched";
import { t } from "./words";

type Answer = Schema<"ImportAnswer">;
type CellError = Schema<"CellError">;
const KINDS = { clients: "clients.create", commandes: "commandes.create", prices: "billing.manage" } as const;
type Kind = keyof typeof KINDS;
const MOST_BYTES = 800_000;

export default function ImportPage() {
  const can = useCan();
  const [params, setParams] = useSearchParams();
  const allowed = (Object.keys(KINDS) as Kind[]).filter((one) => can(KINDS[one]));
  const kind = allowed.find((one) => one === params.get("quoi")) ?? allowed[0] ?? "clients";
  if (!allowed.length) {
    return (
      <Page title={t("title")} narrow="record">
        <NotAllowed name={t("title")} />
      </Page>
    );
  }
  const choose = (value: string) =>
    setParams((before) => {
      const next = new URLSearchParams(before);
      next.set("quoi", value);
      return next;
    });
  return (
    <Page title={t("title")} intro={t("intro")} narrow="record">
      <div className="bar">
        <div className="segmented" role="radiogroup" aria-label={t("kinds")}>
          {allowed.map((one) => (
            <label key={one}>
              <input type="radio" name="quoi" checked={kind === one} onChange={() => choose(one)} />
              <span>{t(one)}</span>
            </label>
          ))}
        </div>
        <span className="grow" />
        <a className="btn btn-default" href={address(`/api/imports/${kind}/template`)} download>
          {t("template")}
        </a>
      </div>
      <Import key={kind} kind={kind} />
    </Page>
  );
}

function Import({ kind }: { kind: Kind }) {
  const { entities } = useSession();
  const { scope, entity } = useScope();
  const [own, setOwn] = useState("");
  const [file, setFile] = useState<File | null>(null);
  const [text, setText] = useState("");
  const [answer, setAnswer] = useState<Answer>();
  const [error, setError] = useState<unknown>();
  const [tooBig, setTooBig] = useState(false);
  const ask = useWrite("post", `/api/imports/${kind}`, ["/api/clients", "/api/commandes", "/api/tasks"]);
  const queries = useQueryClient();
  const both = scope === "BOTH";
  const target = both ? own : entity;
  const send = async (given: { text: string; mapping?: Record<string, string>; check: boolean; entity?: string }) => {
    setError(undefined);
    try {
      return await ask.mutateAsync({ body: { mapping: null, ...given, entity: given.entity ?? target ?? null } });
    } catch (refused) {
      setError(refused);
      return undefined;
    }
  };
  const check = async (content: string, mapping?: Record<string, string>) => {
    const told = await send({ text: content, ...(mapping ? { mapping } : {}), check: true });
    if (told) setAnswer(told);
  };
  const pick = async (chosen: File | null) => {
    setFile(chosen);
    setAnswer(undefined);
    setError(undefined);
    setTooBig(!!chosen && chosen.size > MOST_BYTES);
    if (!chosen || chosen.size > MOST_BYTES) return setText("");
    const content = decoded(await chosen.arrayBuffer());
    setText(content);
    await check(content);
  };
  const write = async () => {
    const told = await send({ text, mapping: answer?.mapping ?? {}, check: false });
    if (!told?.task) return;
    watch(told.task.id);
    void queries.invalidateQueries({ queryKey: ["/api/tasks"] });
    toast.done(t("started"));
    void pick(null);
  };
  return (
    <div className="stack">
      <div className="form page-form">
        {both && (
          <Select label={t("entity")} description={t("choose_entity")} data={entities.map((one) => one.code)} value={own || null} onChange={(value) => setOwn(value ?? "")} comboboxProps={{ withinPortal: true }} />
        )}
        <FileInput label={t("file")} description={t("file_help")} accept=".csv,text/csv,text/plain" clearable placeholder={t("choose")} value={file} onChange={(chosen) => void pick(chosen)} clearButtonProps={{ "aria-label": t("remove") }} disabled={both && !own} error={tooBig ? t("unreadable") : undefined} />
      </div>
      {ask.isPending && <p role="status" className="muted">{t("checking")}</p>}
      {error !== undefined && <ErrorBlock error={error} />}
      {answer && <Mapping answer={answer} change={(mapping) => void check(text, mapping)} />}
      {answer && <Result answer={answer} busy={ask.isPending} write={() => void write()} />}
    </div>
  );
}

/** Spreadsheets save in UTF-8 or in Windows-1252. */
function decoded(bytes: ArrayBuffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}

function Mapping({ answer, change }: { answer: Answer; change: (mapping: Record<string, string>) => void }) {
  return (
    <Card title={t("columns")} note={t("columns_note")}>
      <div className="pair pair-end">
        {answer.fields.map((one) => (
          <Select
            key={one.key}
            label={one.required ? `${french(one.label)} (${t("required")})` : french(one.label)}
            description={one.help ? french(one.help) : undefined}
            data={answer.columns}
            placeholder={t("none")}
            clearable
            value={answer.mapping[one.key] ?? null}
            onChange={(value) => change({ ...answer.mapping, [one.key]: value ?? "" })}
            comboboxProps={{ withinPortal: true }}
            clearButtonProps={{ "aria-label": t("none") }}
          />
        ))}
      </div>
    </Card>
  );
}

function Result({ answer, busy, write }: { answer: Answer; busy: boolean; write: () => void }) {
  const refusal = answer.errors_total ? t("fix") : answer.ready === 0 ? t("nothing") : undefined;
  const cut = answer.errors.length < answer.errors_total;
  return (
    <Card title={t("result")}>
      <div className="stack">
        <div className="figures">
          <Stat label={t("rows")} value={number(answer.rows)} />
          <Stat label={t("ready")} value={number(answer.ready)} />
          <Stat label={t("existing")} value={number(answer.existing)} />
          <Stat label={t("refused")} value={number(answer.errors_total)} />
        </div>
        {answer.errors_total > 0 && (
          <>
            <p>{cut ? t("errors_first", { n: number(answer.errors.length), total: number(answer.errors_total) }) : t("errors_note")}</p>
            <PlainTable<CellError> label={t("errors")} rows={answer.errors} rowId={(one) => `${one.row} ${one.column}`} columns={ERRORS} nothing={null} />
          </>
        )}
        <div>
          <Button kind="primary" busy={busy} refusal={refusal} onClick={write}>
            {t("write", { n: number(answer.ready), count: answer.ready })}
          </Button>
        </div>
      </div>
    </Card>
  );
}

const ERRORS: Column<CellError>[] = [
  { key: "row", label: t("row"), card: "fact", render: (one) => number(one.row) },
  { key: "column", label: t("column"), card: "fact", render: (one) => one.column || "–" },
  { key: "value", label: t("value"), card: "fact", render: (one) => one.value || "–" },
  { key: "message", label: t("message"), card: "title", render: (one) => french(one.message) },
];
