/** What is about to leave: to whom, the message, the beginning of the file. Read inside the confirmation. */
import { useRead } from "@/api/hooks";
import { number } from "@/lib/format";
import { ErrorBlock } from "@/ui/ErrorBlock";
import { Facts } from "@/ui/Page";
import { Lines } from "@/ui/Skeletons";
import { t } from "./words";

export function SendPreview({ deliveryId, body }: { deliveryId: string; body: string }) {
  const read = useRead("/api/deliveries/{delivery_id}/preview", { path: { delivery_id: deliveryId } });
  const { data } = read;
  return (
    <div className="stack">
      <p>{body}</p>
      {read.error && <ErrorBlock error={read.error} retry={() => void read.refetch()} />}
      {!data && !read.error && <Lines count={6} />}
      {data?.refused && <p className="notice notice-warning">{data.refused}</p>}
      {data?.simulated && <p className="notice notice-info">{t("to_simulation")}</p>}
      {data && (
        <>
          <Facts
            rows={[
              [t("to"), data.recipients.join(", ")],
              [t("subject"), data.subject],
              [t("file"), data.filename],
              [t("leads_in_file"), number(data.leads)],
            ]}
          />
          <details>
            <summary>{t("message")}</summary>
            <pre className="letter">{data.text}</pre>
          </details>
          {/* Focusable, for the keyboard to scroll it. */}
          {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
          <div className="mini-scroll" tabIndex={0} role="region" aria-label={t("first_rows")}>
            <table className="mini">
              <thead>
                <tr>
                  {data.columns.map((one) => <th key={one} scope="col">{t(`column_${one}` as Parameters<typeof t>[0])}</th>)}
                </tr>
              </thead>
              <tbody>
                {data.rows.map((row, at) => (
                  <tr key={at}>
                    {row.map((cell, column) => <td key={column}>{cell}</td>)}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          {data.leads > data.rows.length && <p className="note">{t("rows_left", { count: data.leads - data.rows.length })}</p>}
        </>
      )}
    </div>
  );
}
