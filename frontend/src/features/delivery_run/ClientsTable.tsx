/** Per client: what would leave, by which channel, to whom, and what keeps the rest. */
import type { ReactNode } from "react";
import type { Schema } from "@/api/types";
import { useCan } from "@/app/session";
import { number } from "@/lib/format";
import type { Column } from "@/ui/DataTable";
import { Link } from "@/ui/Link";
import { TonePill } from "@/ui/Pill";
import { PlainTable } from "@/ui/PlainTable";
import { reasonOf, refusal } from "@/words/reasons";
import type { Tone } from "@/words/states";
import { SuspendButton } from "./Suspension";
import { t } from "./words";

type Client = Schema<"ClientPlanned">;
type Lot = Client["lots"][number];
const ANSWERS: Record<Lot["answer"], [Tone, "go" | "by_hand" | "wait" | "hold" | "drop"]> = {
  go: ["success", "go"], by_hand: ["warning", "by_hand"], wait: ["neutral", "wait"], hold: ["warning", "hold"], never: ["danger", "drop"],
};

export function ClientsTable({ entity, clients, nothing }: { entity: string; clients: Client[]; nothing: ReactNode }) {
  const can = useCan();
  return <PlainTable<Client> label={`${t("title")} ${entity}`} rows={clients} rowId={(one) => one.client_id} columns={columns(can("deliveries.resend"))} nothing={nothing} />;
}

function columns(sends: boolean): Column<Client>[] {
  const action: Column<Client> = {
    key: "action", label: t("action"), card: "fact", render: (one) => <SuspendButton id={one.client_id} name={one.client_name} suspension={one.suspension} />,
  };
  return [
    { key: "client", label: t("client"), card: "title", render: (one) => <Link to={`/admin/clients/${one.client_id}`}>{one.client_name}</Link> },
    { key: "state", label: t("state"), card: "pill", render: (one) => <State client={one} /> },
    {
      key: "leads", label: t("leads"), tip: t("leads_tip"), align: "right", card: "fact",
      render: (one) => <Link to={`/admin/deliveries?client_id=${one.client_id}&status=pending_csv,ready_to_send,failed`}>{amount(one)}</Link>,
    },
    { key: "products", label: t("products"), card: "fact", render: (one) => <Lots lots={one.lots} /> },
    { key: "channel", label: t("channel"), render: (one) => channel(one) },
    { key: "to", label: t("to"), render: (one) => one.recipients.join(", ") || "–" },
    ...(sends ? [action] : []),
  ];
}

const amount = (one: Client) => (one.leaving === one.leads ? number(one.leads) : t("of", { n: number(one.leaving), all: number(one.leads) }));

function channel(one: Client): string {
  if (one.by_email && one.by_api) return t("both");
  if (one.by_email) return t("email");
  return t(one.by_api ? "api" : "none");
}

function State({ client }: { client: Client }) {
  const kept = client.lots.find((one) => one.answer !== "go");
  if (!kept) return <TonePill tone="success">{t("go")}</TonePill>;
  if (client.leaving > 0) return <TonePill tone="warning">{t("mixed")}</TonePill>;
  const [tone, word] = ANSWERS[kept.answer];
  return (
    <span className="inline">
      <TonePill tone={tone}>{t(word)}</TonePill>
      {kept.answer === "never" && <span className="note">{reasonOf(refusal, kept.reason)}</span>}
    </span>
  );
}

/** « PV : 12 planifiés, 3 prêts ». */
function Lots({ lots }: { lots: Lot[] }) {
  return (
    <ul className="plain">
      {lots.map((one) => {
        const counts = (["planned", "ready", "failed", "without_proof"] as const).filter((name) => one[name] > 0).map((name) => t(name, { count: one[name] }));
        return (
          <li key={one.commande_id}>
            <Link to={`/admin/commandes/${one.commande_id}`}>{one.produit}</Link> <span className="note">{counts.join(", ")}</span>
          </li>
        );
      })}
    </ul>
  );
}
