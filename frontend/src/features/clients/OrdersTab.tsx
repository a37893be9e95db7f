import { useRead } from "@/api/hooks";
import { useCan } from "@/app/session";
import { number } from "@/lib/format";
import { ButtonLink } from "@/ui/Button";
import { NothingYet } from "@/ui/Empty";
import { ErrorBlock } from "@/ui/ErrorBlock";
import { Link } from "@/ui/Link";
import { Card } from "@/ui/Page";
import { Lines } from "@/ui/Skeletons";
import { ActivePill, quotaText } from "../commandes/parts";
import { t as orders } from "../commandes/words";
import type { Detail } from "./ClientPage";
import { t } from "./words";

export function OrdersTab({ client }: { client: Detail }) {
  const can = useCan();
  const read = useRead("/api/commandes", { query: { client_id: client.id, active_only: false, limit: 100 } });
  const create = can("commandes.create") && <ButtonLink to={`/admin/commandes/nouvelle?client=${client.id}`}>{t("new_order")}</ButtonLink>;
  if (read.error && !read.data) return <ErrorBlock error={read.error} retry={() => void read.refetch()} />;
  return (
    <Card title={t("orders")} actions={create}>
      {!read.data && <Lines count={4} />}
      {read.data?.commandes.length === 0 && <NothingYet>{t("no_order")}</NothingYet>}
      {!!read.data?.commandes.length && (
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        <div className="mini-scroll" tabIndex={0} role="region" aria-label={t("orders")}>
          <table className="mini">
            <thead>
              <tr>
                <th scope="col">{t("produit")}</th>
                <th scope="col">{t("status")}</th>
                <th scope="col">{orders("departements")}</th>
                <th scope="col" className="right">{orders("reserved")}</th>
                <th scope="col" className="right">{orders("quota")}</th>
              </tr>
            </thead>
            <tbody>
              {read.data.commandes.map((one) => (
                <tr key={one.id}>
                  <td><Link to={`/admin/commandes/${one.id}`}>{one.produit}</Link></td>
                  <td><ActivePill commande={one} /></td>
                  <td>{one.departements.includes("*") ? orders("everywhere") : one.departements.join(", ")}</td>
                  <td className="right">{number(one.reserved)}</td>
                  <td className="right">{quotaText(one)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Card>
  );
}
