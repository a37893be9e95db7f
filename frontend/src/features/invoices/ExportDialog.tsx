import { Modal, Select, TextInput } from "@mantine/core";
import { useState } from "react";
import { address } from "@/api/client";
import { useScope } from "@/app/scope";
import { useSession } from "@/app/session";
import { parisDay } from "@/lib/weeks";
import { Button } from "@/ui/Button";
import { t as ui } from "@/ui/words";
import { t } from "./words";

/** What was issued between two days, for the accountant. The browser downloads the file by itself. */
export function ExportDialog({ close }: { close: () => void }) {
  const { entity, entities, scope } = useScope();
  const today = parisDay(new Date(useSession().now));
  const [first, setFirst] = useState(`${today.slice(0, 7)}-01`);
  const [last, setLast] = useState(today);
  const [format, setFormat] = useState<string>("csv");
  const period = /^\d{4}-\d{2}-\d{2}$/.test(first) && /^\d{4}-\d{2}-\d{2}$/.test(last) && first <= last;
  const several = format === "fec" && scope === "BOTH" && entities.length > 1;
  const wrong = !period ? t("bad_period") : several ? t("fec_single") : undefined;
  return (
    <Modal opened onClose={close} title={t("export_title")} centered closeButtonProps={{ "aria-label": ui("close") }}>
      <div className="stack">
        <p>{t("export_note")}</p>
        <TextInput type="date" label={t("from")} value={first} onChange={(event) => setFirst(event.currentTarget.value)} />
        <TextInput type="date" label={t("to")} value={last} onChange={(event) => setLast(event.currentTarget.value)} />
        <Select
          label={t("format")}
          data={(["csv", "xlsx", "fec"] as const).map((value) => ({ value, label: t(value) }))}
          value={format}
          onChange={(value) => setFormat(value ?? "csv")}
          allowDeselect={false}
        />
        {wrong && <p className="refusal" role="alert">{wrong}</p>}
        <div className="dialog-actions">
          <Button onClick={close}>{ui("cancel")}</Button>
          {wrong ? (
            <Button kind="primary" refusal={wrong}>{t("export_action")}</Button>
          ) : (
            <a className="btn btn-primary" href={address("/api/billing/export", { first, last, format, entity })} download onClick={close}>
              {t("export_action")}
            </a>
          )}
        </div>
      </div>
    </Modal>
  );
}
