/** « Prêt à livrer ? »: what must be in place before leads can leave for a client and be invoiced. */
import type { Schema } from "@/api/types";

export interface Check {
  name: "active" | "status" | "channel" | "order" | "identity" | "push";
  ok: boolean;
}
type Seen = Pick<Schema<"ClientDetail">, "active" | "client_status" | "has_valid_channel" | "missing_to_invoice" | "push_state">;

/** `orders`: its active commandes; undefined when the caller may not see them. The API is judged only where it is used. */
export function checks(client: Seen, orders: number | undefined): Check[] {
  const told: Check[] = [
    { name: "active", ok: client.active },
    { name: "status", ok: client.client_status !== "Blocked" },
    { name: "channel", ok: client.has_valid_channel },
  ];
  if (orders !== undefined) told.push({ name: "order", ok: orders > 0 });
  told.push({ name: "identity", ok: client.missing_to_invoice.length === 0 });
  if (client.push_state !== "off") told.push({ name: "push", ok: client.push_state === "active" });
  return told;
}
