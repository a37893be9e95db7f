import { useRead } from "@/api/hooks";
import type { Schema } from "@/api/types";
import { RemindButton } from "@/features/reminders/RemindButton";
import { t as reminders } from "@/features/reminders/words";
import { date, money, number } from "@/lib/format";
import type { Column } from "@/ui/DataTable";
import { NothingYet } from "@/ui/Empty";
import { EntityBadge } from "@/ui/EntityBadge";
import { ErrorBlock } from "@/ui/ErrorBlock";
import { Stat } from "@/ui/Figure";
import { Link } from "@/ui/Link";
import { TonePill } from "@/ui/Pill";
import { PlainTable } from "@/ui/PlainTable";
import { Lines } from "@/ui/Skeletons";
import { reminderLevel, textOf } from "@/words/states";
import { t } from "./words";

type Debtor = Schema<"Debtor">;
const LONG_DAYS = 30;

/** Who is late, how much and since when; each leads to its late invoices. */
export function Overdue() {
  const board = useRead("/api/invoices/overdue-dashboard");
  if (board.error && !board.data) return <ErrorBlock error={board.error} retry={() => void board.refetch()} />;
  if (!board.data) return <Lines count={8} />;
  const { clients } = board.data;
  return (
    <>
      <div className="figures">
        <Stat label={t("late_clients")} value={number(board.data.client_count)} />
        <Stat label={t("late_total")} value={money(board.data.total_overdue_ttc)} />
        <Stat label={t("late_count")} value={number(clients.reduce((total, one) => total + one.invoice_count, 0))} />
      </div>
      <PlainTable<Debtor>
        label={t("late")}
        rows={clients}
        rowId={(one) => one.client_id ?? one.client_name}
        columns={columns()}
        nothing={<NothingYet>{t("none_late")}</NothingYet>}
      />
    </>
  );
}

function columns(): Column<Debtor>[] {
  return [
    {
      key: "client", label: t("client"), card: "title",
      render: (one) => (one.client_id ? <Link to={`/admin/invoices?status=overdue&client_id=${one.client_id}`}>{one.client_name}</Link> : one.client_name),
    },
    { key: "entity", label: t("entity"), render: (one) => <EntityBadge code={one.entity} /> },
    { key: "count", label: t("late_count"), align: "right", card: "fact", render: (one) => number(one.invoice_count) },
    { key: "ht", label: t("ht"), align: "right", render: (one) => money(one.total_ht) },
    { key: "ttc", label: t("ttc"), align: "right", card: "fact", render: (one) => money(one.total_ttc) },
    { key: "since", label: t("late_since"), render: (one) => date(one.oldest_due) },
    {
      key: "days", label: t("delay"), card: "pill",
      render: (one) => <TonePill tone={one.days_overdue > LONG_DAYS ? "danger" : "warning"}>{t("days", { count: one.days_overdue })}</TonePill>,
    },
    {
      key: "reminded", label: reminders("last_on"), card: "fact",
      render: (one) => (one.reminded_at && one.reminder_level ? `${date(one.reminded_at)} · ${textOf(reminderLevel, one.reminder_level)}` : reminders("never")),
    },
    { key: "remind", label: t("action_column"), card: "fact", render: (one) => (one.client_id ? <RemindButton clientId={one.client_id} clientName={one.client_name} /> : null) },
  ];
}
