/** Twelve numbers from a buyer's e-mail: pasted, matched to its deliveries, rejected for one reason. */
import { Select, Textarea } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useParams } from "react-router";
import { useRead, useWrite } from "@/api/hooks";
import type { Schema } from "@/api/types";
import { date, dateTime, number, phone } from "@/lib/format";
import { Button } from "@/ui/Button";
import type { Column } from "@/ui/DataTable";
import { ErrorBlock } from "@/ui/ErrorBlock";
import { Card, Page } from "@/ui/Page";
import { Pill } from "@/ui/Pill";
import { PlainTable } from "@/ui/PlainTable";
import { toast } from "@/ui/toasts";
import { t as ui } from "@/ui/words";
import { reasonOf, rejection, REJECTIONS } from "@/words/reasons";
import { watch } from "../tasks/watched";
import { t, verdict } from "./rejects";

type Line = Schema<"PastedLine">;
/** One row per delivery named, or per number that names none. */
interface Row {
  id: string;
  line: Line;
  delivery: Line["deliveries"][number] | undefined;
  open: boolean;
}

export default function RejectsPage() {
  const { id = "" } = useParams();
  const client = useRead("/api/clients/{client_id}", { path: { client_id: id } });
  const find = useWrite("post", "/api/clients/{client_id}/pasted-rejects", []);
  const [text, setText] = useState("");
  const name = client.data?.client.name;
  return (
    <Page title={name ? t("for", { client: name }) : t("title")} intro={t("intro")} narrow="record">
      <form
        className="form page-form"
        onSubmit={(event) => {
          event.preventDefault();
          find.mutate({ path: { client_id: id }, body: { text } });
        }}
      >
        <Textarea label={t("text")} description={t("text_help")} value={text} onChange={(event) => setText(event.currentTarget.value)} autosize minRows={6} maxRows={16} maxLength={10_000} />
        <div>
          <Button kind={find.data ? "default" : "primary"} type="submit" busy={find.isPending} disabled={!text.trim()}>
            {t("find")}
          </Button>
        </div>
      </form>
      {find.error && <ErrorBlock error={find.error} />}
      {find.data && (
        <Found
          key={find.submittedAt}
          answer={find.data}
          done={() => {
            setText("");
            find.reset();
          }}
        />
      )}
    </Page>
  );
}

function Found({ answer, done }: { answer: Schema<"PastedAnswer">; done: () => void }) {
  const rows = answer.lines.flatMap(rowsOf);
  const [ids, setIds] = useState<ReadonlySet<string>>(() => new Set(rows.filter((one) => one.line.verdict === "matched").map((one) => one.id)));
  const [reason, setReason] = useState("");
  const [note, setNote] = useState("");
  const [missing, setMissing] = useState(false);
  const queries = useQueryClient();
  const reject = useWrite("post", "/api/deliveries/bulk/reject", ["/api/deliveries", "/api/tasks"]);
  const go = async () => {
    if (!reason) return setMissing(true);
    const told = await reject.mutateAsync({ body: { ids: [...ids], all: false, except_ids: [], preview: false, reason, reason_detail: note } });
    if (told.task) watch(told.task.id);
    void queries.invalidateQueries({ queryKey: ["/api/tasks"] });
    toast.done(t("started"));
    done();
  };
  const toggle = (id: string, on: boolean) => setIds((before) => new Set(on ? [...before, id] : [...before].filter((one) => one !== id)));
  return (
    <Card title={t("found")} note={t("window", { n: number(answer.window_days) })}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void go().catch(() => undefined); // shown below
        }}
      >
        <PlainTable<Row> label={t("found")} rows={rows} rowId={(one) => one.id} columns={columns(ids, toggle)} nothing={<p className="muted">{t("none")}</p>} />
        {rows.some((one) => one.line.verdict === "ambiguous") && <p>{t("ambiguous")}</p>}
        {rows.some((one) => one.open) && (
          <>
            <Select
              label={t("reason")}
              data={REJECTIONS.map((value) => ({ value, label: reasonOf(rejection, value) }))}
              value={reason || null}
              onChange={(value) => setReason(value ?? "")}
              error={missing && !reason ? ui("reason_needed") : undefined}
              comboboxProps={{ withinPortal: true }}
            />
            <Textarea label={t("detail")} value={note} onChange={(event) => setNote(event.currentTarget.value)} autosize minRows={2} />
            {reject.error && <ErrorBlock error={reject.error} />}
            <div>
              <Button kind="danger" type="submit" busy={reject.isPending} refusal={ids.size ? undefined : t("nothing")}>
                {t("reject", { n: number(ids.size), count: ids.size })}
              </Button>
            </div>
          </>
        )}
      </form>
    </Card>
  );
}

function rowsOf(line: Line): Row[] {
  const open = line.verdict === "matched" || line.verdict === "ambiguous";
  if (!line.deliveries.length) return [{ id: line.raw, line, delivery: undefined, open: false }];
  return line.deliveries.map((delivery) => ({ id: delivery.id, line, delivery, open }));
}

function columns(ids: ReadonlySet<string>, toggle: (id: string, on: boolean) => void): Column<Row>[] {
  return [
    { key: "number", label: t("number"), card: "title", render: (one) => <Chosen row={one} on={ids.has(one.id)} toggle={toggle} /> },
    { key: "verdict", label: t("verdict"), card: "pill", render: (one) => <Pill of={verdict} value={one.line.verdict} /> },
    { key: "lead", label: t("lead"), card: "fact", render: (one) => (one.delivery ? `${one.delivery.contact} (${one.delivery.produit}, ${one.delivery.departement})` : "–") },
    { key: "sent", label: t("sent"), card: "fact", render: (one) => dateTime(one.delivery?.sent_at) },
    { key: "until", label: t("until"), card: "fact", render: (one) => date(one.delivery?.last_day) },
  ];
}

function Chosen({ row, on, toggle }: { row: Row; on: boolean; toggle: (id: string, on: boolean) => void }) {
  const shown = row.line.phone ? phone(row.line.phone) : row.line.raw;
  if (!row.open || !row.delivery) return <>{shown}</>;
  return (
    <label className="tick">
      <input type="checkbox" aria-label={t("keep", { name: row.delivery.contact })} checked={on} onChange={(event) => toggle(row.id, event.target.checked)} />
      {shown}
    </label>
  );
}
