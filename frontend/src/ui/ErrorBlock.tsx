import { IconAlertOctagon } from "@tabler/icons-react";
import { told } from "@/words/errors";
import { Button } from "./Button";
import { t } from "./words";

/** What went wrong, where it went wrong, with what to do (design.md 21, 24). */
export function ErrorBlock({ error, retry, alone }: { error: unknown; retry?: () => void; alone?: boolean }) {
  const { text, reference } = told(error);
  return (
    <div className={`error-block ${alone ? "error-alone" : ""}`} role="alert">
      <IconAlertOctagon size={20} stroke={1.75} aria-hidden />
      <div>
        <p>{text}</p>
        {reference && <p className="note">{reference}</p>}
        {retry && <Button onClick={retry}>{t("retry")}</Button>}
      </div>
    </div>
  );
}
