/** A free draft: what does not come from deliveries. New, or corrected before it is issued. */
import { NumberInput, Select, TextInput } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import { useState } from "react";
import { useNavigate, useParams } from "react-router";
import { useRead, useWrite } from "@/api/hooks";
import { useHref } from "@/app/scope";
import { Button, IconButton } from "@/ui/Button";
import { ErrorBlock } from "@/ui/ErrorBlock";
import { Page } from "@/ui/Page";
import { Lines } from "@/ui/Skeletons";
import { toast } from "@/ui/toasts";
import { TOUCHES } from "./AvoirDialog";
import { amountTyped, isFree, type Invoice } from "./rules";
import { t } from "./words";

interface Typed {
  label: string;
  quantity: string | number;
  price: string;
  /** Kept as they were: not asked here. */
  discount_pct: string;
  vat_rate: string | null;
}
const EMPTY: Typed = { label: "", quantity: 1, price: "", discount_pct: "0", vat_rate: null };

export default function DraftPage() {
  const { id } = useParams();
  const read = useRead("/api/invoices/{invoice_id}", { path: { invoice_id: id ?? "" }, enabled: id !== undefined });
  if (id === undefined) return <Draft />;
  const title = t("edit_title");
  if (!read.data) {
    return (
      <Page title={title} narrow="form">
        {read.error ? <ErrorBlock error={read.error} retry={() => void read.refetch()} /> : <Lines count={8} />}
      </Page>
    );
  }
  if (!isFree(read.data.invoice)) {
    return (
      <Page title={title} narrow="form">
        <p>{t("not_draft")}</p>
      </Page>
    );
  }
  return <Draft invoice={read.data.invoice} />;
}

function Draft({ invoice }: { invoice?: Invoice }) {
  const navigate = useNavigate();
  const href = useHref();
  const create = useWrite("post", "/api/invoices", TOUCHES);
  const update = useWrite("put", "/api/invoices/{invoice_id}", TOUCHES);
  const [client, setClient] = useState<{ id: string; entity: string } | undefined>(invoice?.client_id ? { id: invoice.client_id, entity: invoice.entity } : undefined);
  const [description, setDescription] = useState(invoice?.description ?? "");
  const [lines, setLines] = useState<Typed[]>(invoice?.line_items?.length ? invoice.line_items.map(typed) : [EMPTY]);
  const [error, setError] = useState<unknown>();
  const [asked, setAsked] = useState(false);
  const body = lines.map(bodyOf);
  const ready = client && body.every((one) => one !== null);
  const save = async () => {
    setAsked(true);
    if (!client || !ready) return;
    const line_items = body.filter((one) => one !== null);
    try {
      const told = invoice
        ? await update.mutateAsync({ path: { invoice_id: invoice.id }, body: { description, line_items } })
        : await create.mutateAsync({ body: { client_id: client.id, entity: client.entity, description, line_items } });
      toast.done(t("saved"));
      await navigate(href(`/admin/invoices/${told.invoice.id}`), { replace: true });
    } catch (refused) {
      setError(refused);
    }
  };
  const change = (at: number, to: Partial<Typed>) => setLines(lines.map((one, place) => (place === at ? { ...one, ...to } : one)));
  return (
    <Page title={invoice ? t("edit_title") : t("new_title")} intro={invoice ? invoice.client_name : t("new_intro")} narrow="form">
      <form
        className="form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        {!invoice && <ClientPicker choose={setClient} />}
        <TextInput label={t("description")} value={description} onChange={(event) => setDescription(event.currentTarget.value)} />
        {lines.map((one, at) => (
          <fieldset key={at} className="draft-line">
            <legend className="sr-only">{`${t("lines")} ${at + 1}`}</legend>
            <TextInput label={t("label")} value={one.label} onChange={(event) => change(at, { label: event.currentTarget.value })} />
            <NumberInput label={t("quantity")} value={one.quantity} onChange={(quantity) => change(at, { quantity })} min={1} allowDecimal={false} hideControls />
            <TextInput label={t("unit_price")} inputMode="decimal" value={one.price} onChange={(event) => change(at, { price: event.currentTarget.value })} />
            {lines.length > 1 && (
              <IconButton label={t("drop_line", { n: at + 1 })} icon={<IconX size={16} />} onClick={() => setLines(lines.filter((_, place) => place !== at))} />
            )}
          </fieldset>
        ))}
        <div>
          <Button icon={<IconPlus size={16} aria-hidden />} onClick={() => setLines([...lines, EMPTY])}>
            {t("add_line")}
          </Button>
        </div>
        {asked && !ready && <p className="refusal" role="alert">{t("lines_needed")}</p>}
        {error !== undefined && <ErrorBlock error={error} />}
        <div>
          <Button kind="primary" type="submit" busy={create.isPending || update.isPending}>
            {t("save_draft")}
          </Button>
        </div>
      </form>
    </Page>
  );
}

function typed(one: NonNullable<Invoice["line_items"]>[number]): Typed {
  return { label: one.label, quantity: one.quantity, price: one.unit_price_ht.replace(".", ","), discount_pct: one.discount_pct, vat_rate: one.vat_rate };
}

function bodyOf(one: Typed) {
  const price = amountTyped(one.price);
  const quantity = Number(one.quantity);
  if (!one.label.trim() || price === null || !Number.isInteger(quantity) || quantity < 1) return null;
  return { label: one.label.trim(), product_code: "", quantity, unit_price_ht: price, discount_pct: one.discount_pct, vat_rate: one.vat_rate };
}

function ClientPicker({ choose }: { choose: (client: { id: string; entity: string } | undefined) => void }) {
  const [search, setSearch] = useState("");
  const clients = useRead("/api/clients", { query: { search, limit: 20 } });
  const found = clients.data?.clients ?? [];
  return (
    <>
      <Select
        label={t("find_client")}
        description={t("find_help")}
        searchable
        searchValue={search}
        onSearchChange={setSearch}
        filter={({ options }) => options}
        data={found.map((one) => ({ value: one.id, label: `${one.name} (${one.entity})` }))}
        nothingFoundMessage={t("no_client")}
        onChange={(id) => {
          const one = found.find((each) => each.id === id);
          choose(one && { id: one.id, entity: one.entity });
        }}
      />
      {clients.error && <ErrorBlock error={clients.error} retry={() => void clients.refetch()} />}
    </>
  );
}
