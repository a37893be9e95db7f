/** What the last deliveries did, newest first. */
import { useRead } from "@/api/hooks";
import type { Schema } from "@/api/types";
import { dateTime, number } from "@/lib/format";
import { ButtonLink } from "@/ui/Button";
import type { Column } from "@/ui/DataTable";
import { NothingYet } from "@/ui/Empty";
import { EntityBadge } from "@/ui/EntityBadge";
import { ErrorBlock } from "@/ui/ErrorBlock";
import { Card } from "@/ui/Page";
import { PlainTable } from "@/ui/PlainTable";
import { Lines } from "@/ui/Skeletons";
import { t } from "./words";

const SHOWN = 14;
type Row = Schema<"EntityReport"> & { entity: string };

export function Reports() {
  const read = useRead("/api/delivery-reports", { query: { limit: SHOWN } });
  if (!read.data) return read.error ? <ErrorBlock error={read.error} retry={() => void read.refetch()} /> : <Lines count={12} />;
  if (!read.data.reports.length) return <NothingYet>{t("no_report")}</NothingYet>;
  return (
    <div className="stack">
      {read.data.reports.map((one) => (
        <Card key={one.id} title={t("report_of", { at: dateTime(one.run_at) })} note={note(one)} actions={<ButtonLink to="/admin/batches">{t("open_batches")}</ButtonLink>}>
          <PlainTable<Row>
            label={t("report_of", { at: dateTime(one.run_at) })}
            rows={Object.entries(one.entities).map(([entity, each]) => ({ ...each, entity }))}
            rowId={(row) => row.entity}
            columns={columns()}
            nothing={null}
          />
        </Card>
      ))}
    </div>
  );
}

function note(one: Schema<"Report">): string {
  const routed = one.routed == null ? "" : t("routed", { n: number(one.routed) });
  return [one.slot.includes("#") ? t("by_slot") : "", t("took", { s: number(one.duration_seconds ?? 0, 1) }), routed].filter(Boolean).join(" · ");
}

function columns(): Column<Row>[] {
  const figure = (key: string, label: string, value: (row: Row) => number | undefined, card?: "fact"): Column<Row> => ({
    key, label, align: "right", ...(card ? { card } : {}), render: (row) => (row.closed ? "–" : number(value(row) ?? 0)),
  });
  return [
    {
      key: "entity", label: t("entity"), card: "title",
      render: (row) => (
        <span className="inline">
          <EntityBadge code={row.entity} />
          {row.closed && <span className="note">{t("closed", { reason: row.closed })}</span>}
        </span>
      ),
    },
    figure("left", t("left"), (row) => row.handed_over, "fact"),
    figure("lots", t("lots"), (row) => row.batches, "fact"),
    figure("lb", t("lb"), (row) => row.lb_filled),
    figure("lb_short", t("lb_short"), (row) => row.lb_shortfall),
    figure("manual", t("manual"), (row) => row.ready_to_send, "fact"),
    figure("kept", t("kept"), (row) => row.suspended, "fact"),
    figure("gone", t("gone"), (row) => row.cancelled, "fact"),
    figure("retried", t("retried"), (row) => row.revived),
  ];
}
