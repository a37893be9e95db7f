/** Addresses that their server said do not exist: why, since when, and the way to write to them again. */
import { useState } from "react";
import { useSearchParams } from "react-router";
import { useRead, useWrite } from "@/api/hooks";
import type { Schema } from "@/api/types";
import { useCan } from "@/app/session";
import { dateTime, number } from "@/lib/format";
import { Button } from "@/ui/Button";
import { confirm } from "@/ui/confirm";
import type { Column } from "@/ui/DataTable";
import { EntityBadge } from "@/ui/EntityBadge";
import { ErrorBlock } from "@/ui/ErrorBlock";
import { Link } from "@/ui/Link";
import { PlainTable } from "@/ui/PlainTable";
import { Lines } from "@/ui/Skeletons";
import { toast } from "@/ui/toasts";
import { t as ui } from "@/ui/words";
import { t } from "./words";

type One = Schema<"Suppression">;
const SIZE = 50;
const TOUCHED = ["/api/suppressions", "/api/outbox", "/api/clients", "/api/leads", "/api/system", "/api/cockpit"];

/** Read once it is opened (`?ecartees=1`): the page opens without it. */
export function Suppressed() {
  const [params, setParams] = useSearchParams();
  const open = params.has("ecartees") && !params.has("fiche");
  const toggle = (next: boolean) => {
    if (next === params.has("ecartees")) return;
    setParams((before) => {
      const after = new URLSearchParams(before);
      if (next) after.set("ecartees", "1");
      else after.delete("ecartees");
      return after;
    }, { replace: true, preventScrollReset: true });
  };
  return (
    <details className="card" open={open} onToggle={(event) => toggle(event.currentTarget.open || params.has("fiche"))}>
      <summary>{t("suppressed")}</summary>
      {open && <Listed />}
    </details>
  );
}

function Listed() {
  const [skip, setSkip] = useState(0);
  const read = useRead("/api/suppressions", { query: { limit: SIZE, skip } });
  const lift = useLift();
  if (!read.data) return read.error ? <ErrorBlock error={read.error} retry={() => void read.refetch()} /> : <Lines count={3} />;
  const { suppressions, total } = read.data;
  return (
    <>
      <p className="note">{t("suppressed_note")}</p>
      <PlainTable label={t("suppressed")} rows={suppressions} rowId={(one) => one.id} columns={columns(lift)} nothing={<p className="muted">{t("no_suppressed")}</p>} />
      {total > SIZE && (
        <p className="inline">
          <Button disabled={skip === 0} onClick={() => setSkip(skip - SIZE)}>{ui("previous")}</Button>
          <span className="note">{ui("range", { from: number(skip + 1), to: number(skip + suppressions.length), total: number(total) })}</span>
          <Button disabled={skip + SIZE >= total} onClick={() => setSkip(skip + SIZE)}>{ui("next")}</Button>
        </p>
      )}
    </>
  );
}

/** Undefined for who may not. */
function useLift(): ((one: One) => Promise<void>) | undefined {
  const can = useCan();
  const write = useWrite("delete", "/api/suppressions/{address}", TOUCHED);
  if (!can("outbox.manage")) return undefined;
  return async (one) => {
    const said = await confirm({
      title: t("lift_title", { address: one.address }),
      body: t("lift_body", { at: dateTime(one.last_at), reason: one.reason }),
      action: t("lift_action"),
    });
    if (!said) return;
    try {
      await write.mutateAsync({ path: { address: one.address } });
      toast.done(t("lifted", { address: one.address }));
    } catch (error) {
      toast.failed(error);
    }
  };
}

function columns(lift: ReturnType<typeof useLift>): Column<One>[] {
  return [
    { key: "address", label: t("address"), card: "title", render: (one) => (one.client_id ? <Link to={`/admin/clients/${one.client_id}`}>{one.address}</Link> : one.address) },
    { key: "entity", label: t("entity"), card: "pill", render: (one) => <EntityBadge code={one.entity} /> },
    { key: "reason", label: t("error"), card: "fact", render: (one) => one.reason },
    { key: "since", label: t("set_aside_at"), card: "fact", render: (one) => dateTime(one.created_at) },
    ...(lift ? [{ key: "act", label: t("act"), card: "fact" as const, render: (one: One) => <Button kind="quiet" onClick={() => void lift(one)}>{t("lift")}</Button> }] : []),
  ];
}
