/** The name of an object that an address holds by its id, for the chips of lists; nothing while it is not known. */
import { useRead } from "@/api/hooks";

export type Named = "client" | "commande" | "lead" | "provider";

export function useNameOf(kind: Named, id: string): string | undefined {
  const client = useRead("/api/clients/{client_id}", { path: { client_id: id }, enabled: kind === "client", scoped: false });
  const commande = useRead("/api/commandes/{commande_id}", { path: { commande_id: id }, enabled: kind === "commande", scoped: false });
  const lead = useRead("/api/leads/{lead_id}", { path: { lead_id: id }, enabled: kind === "lead", scoped: false });
  const provider = useRead("/api/providers/{provider_id}", { path: { provider_id: id }, enabled: kind === "provider", scoped: false });
  if (client.data) return client.data.client.name;
  if (commande.data) return `${commande.data.commande.client_name}, ${commande.data.commande.produit}`;
  if (lead.data) return `${lead.data.prenom} ${lead.data.nom}`.trim();
  return provider.data?.provider.name;
}
