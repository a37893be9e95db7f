import { Modal, Select } from "@mantine/core";
import { useState } from "react";
import { useWrite } from "@/api/hooks";
import type { Schema } from "@/api/types";
import { useSession } from "@/app/session";
import { number } from "@/lib/format";
import { french } from "@/lib/typography";
import { shiftWeek, weekLabel } from "@/lib/weeks";
import { Button } from "@/ui/Button";
import { ErrorBlock } from "@/ui/ErrorBlock";
import { toast } from "@/ui/toasts";
import { t as ui } from "@/ui/words";
import { direction } from "./rules";
import { TOUCHES } from "./Transfers";
import { t } from "./words";

const WEEKS_BACK = 12;

/** Invoice a week between entities without waiting for Monday; what was refused, and why, stays on screen. */
export function GenerateDialog({ close }: { close: () => void }) {
  const { week: current } = useSession();
  const generate = useWrite("post", "/api/intercompany/generate-invoices", TOUCHES);
  const [week, setWeek] = useState(shiftWeek(current, -1));
  const weeks = Array.from({ length: WEEKS_BACK }, (_, back) => shiftWeek(current, -1 - back));
  const told = generate.data;
  const go = () => {
    generate.mutate(
      { query: { week_key: week } },
      {
        onSuccess: (answer) => {
          if (answer.refused.length || answer.errors_left) return;
          toast.done(answer.message ? french(answer.message) : made(answer));
          close();
        },
      },
    );
  };
  return (
    <Modal opened onClose={close} title={t("generate_title")} centered closeButtonProps={{ "aria-label": ui("close") }}>
      <div className="stack">
        {told ? (
          <Told told={told} />
        ) : (
          <>
            <p>{t("generate_body")}</p>
            <Select
              label={t("week_field")}
              data={weeks.map((value) => ({ value, label: weekLabel(value) }))}
              value={week}
              onChange={(value) => value && setWeek(value)}
              allowDeselect={false}
            />
          </>
        )}
        {generate.error && <ErrorBlock error={generate.error} />}
        <div className="dialog-actions">
          <Button onClick={close}>{told ? ui("close") : ui("cancel")}</Button>
          {!told && (
            <Button kind="primary" busy={generate.isPending} onClick={go}>
              {t("generate_action")}
            </Button>
          )}
        </div>
      </div>
    </Modal>
  );
}

function made(told: Schema<"Generated">): string {
  return t("generated", { invoices: number(told.invoices_created), avoirs: number(told.credit_notes_created) });
}

function Told({ told }: { told: Schema<"Generated"> }) {
  return (
    <div role="alert" className="stack">
      <p>{made(told)}</p>
      {told.refused.length > 0 && <h2>{t("refused")}</h2>}
      <ul className="plain">
        {told.refused.map((one) => (
          <li key={one.direction}>
            <strong>{direction(...(one.direction?.split("->") as [string, string]))}</strong> {french(one.reason ?? "")}
          </li>
        ))}
      </ul>
      {told.errors_left > 0 && <p>{t("errors_left", { n: number(told.errors_left) })}</p>}
    </div>
  );
}
