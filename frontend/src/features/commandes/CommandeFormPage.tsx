/** Open an order, edit one, or open another from one (`?copie=`): client and produit never change afterwards. */
import { Checkbox, NumberInput, Select, Switch, TagsInput, Textarea } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useState } from "react";
import { Controller, useForm, type UseFormReturn } from "react-hook-form";
import { useNavigate, useParams, useSearchParams } from "react-router";
import { useRead, useWrite } from "@/api/hooks";
import { useHref } from "@/app/scope";
import { Forbidden } from "@/app/Guard";
import { useCan } from "@/app/session";
import { ErrorBlock } from "@/ui/ErrorBlock";
import { FormPage } from "@/ui/FormPage";
import { Page } from "@/ui/Page";
import { Lines } from "@/ui/Skeletons";
import { optionsOf, produit } from "@/words/states";
import { codesOf, EVERYWHERE } from "./areas";
import type { Commande } from "./parts";
import { t } from "./words";

const TOUCHES = ["/api/commandes", "/api/cockpit", "/api/clients", "/api/departements"];

export default function CommandeFormPage() {
  const { id } = useParams();
  const can = useCan();
  const [params] = useSearchParams();
  const from = id ?? params.get("copie") ?? undefined;
  const read = useRead("/api/commandes/{commande_id}", { path: { commande_id: from ?? "" }, enabled: from !== undefined });
  if (id && !can("commandes.edit_quota") && !can("commandes.edit_lb_target")) return <Forbidden />;
  if (from === undefined) return <Form edited={undefined} model={undefined} client={params.get("client") ?? ""} />;
  if (read.data) return <Form edited={id ? read.data.commande : undefined} model={read.data.commande} client={id ? read.data.commande.client_id : ""} />;
  return (
    <Page title={t("one")} narrow="form">
      {read.error ? <ErrorBlock error={read.error} retry={() => void read.refetch()} /> : <Lines count={8} />}
    </Page>
  );
}

interface Values {
  client_id: string;
  produit: string;
  departements: string[];
  quota_semaine: number | string;
  lb_target_pct: number | string;
  priorite: number | string;
  auto_renew: boolean;
  notes: string;
}

function start(model: Commande | undefined, client: string): Values {
  return {
    client_id: client,
    produit: model?.produit ?? "PV",
    departements: model?.departements ?? [],
    quota_semaine: model?.quota_semaine ?? 0,
    lb_target_pct: Number(model?.lb_target_pct ?? 0) * 100,
    priorite: model?.priorite ?? 5,
    auto_renew: model?.auto_renew ?? true,
    notes: model?.notes ?? "",
  };
}

function Form({ edited, model, client }: { edited: Commande | undefined; model: Commande | undefined; client: string }) {
  const navigate = useNavigate();
  const href = useHref();
  const form = useForm<Values>({ defaultValues: start(model, client) });
  const [picked, setPicked] = useState<Bought>();
  const fixed = client !== "" && !edited;
  const given = useRead("/api/clients/{client_id}", { path: { client_id: client }, enabled: fixed });
  const chosen = given.data?.client ?? picked;
  const can = useCan();
  const closed = edited !== undefined && !can("commandes.edit_quota");
  const create = useWrite("post", "/api/commandes", TOUCHES);
  const update = useWrite("put", "/api/commandes/{commande_id}", TOUCHES);
  const save = async ({ client_id, produit: sold, ...values }: Values) => {
    const body = {
      ...values,
      quota_semaine: Number(values.quota_semaine) || 0,
      lb_target_pct: String(Math.round((Number(values.lb_target_pct) || 0) * 100) / 10_000),
      priorite: Number(values.priorite) || 5,
    };
    const saved = edited
      ? await update.mutateAsync({ path: { commande_id: edited.id }, body: changed(body, form) })
      : await create.mutateAsync({ body: { ...body, client_id, produit: sold as Commande["produit"], entity: chosen?.entity ?? null } });
    void navigate(href(`/admin/commandes/${saved.commande.id}`));
  };
  const title = edited ? t("edit_title") : t("new_title");
  return (
    <Page title={title} intro={edited ? `${edited.client_name}, ${edited.produit}. ${t("no_change")}` : undefined} narrow="form">
      <FormPage form={form} onSave={save}>
        {given.error && <ErrorBlock error={given.error} retry={() => void given.refetch()} />}
        {!edited && <Buyer form={form} fixed={fixed} chosen={chosen} choose={setPicked} />}
        <Areas form={form} />
        <Figures form={form} editing={edited !== undefined} />
        <Controller control={form.control} name="auto_renew" render={({ field: { value, ...field } }) => <Switch label={t("auto_renew")} checked={value} disabled={closed} {...field} />} />
        <Textarea label={`${t("notes")} ${t("optional")}`} disabled={closed} autosize minRows={2} error={form.formState.errors.notes?.message} {...form.register("notes")} />
      </FormPage>
    </Page>
  );
}

/** Only what was touched: a field has its own permission. */
function changed<B extends Record<string, unknown>>(body: B, form: UseFormReturn<Values>): Partial<B> {
  const dirty = form.formState.dirtyFields as Record<string, unknown>;
  return Object.fromEntries(Object.entries(body).filter(([name]) => dirty[name])) as Partial<B>;
}

type Given = { form: UseFormReturn<Values> };

interface Bought {
  id: string;
  name: string;
  entity: string;
}
const label = (client: Bought) => `${client.name} (${client.entity})`;

/** The client is searched by the server, once the list is opened; one given by the address stays. */
function Buyer({ form, fixed, chosen, choose }: Given & { fixed: boolean; chosen: Bought | undefined; choose: (client: Bought | undefined) => void }) {
  const [typed, setTyped] = useState("");
  const [looking, setLooking] = useState(false);
  const [settled] = useDebouncedValue(typed, 300);
  const search = chosen && settled === label(chosen) ? "" : settled;
  const found = useRead("/api/clients", { query: { limit: 25, search }, enabled: looking && !fixed });
  const list: Bought[] = [...(chosen ? [chosen] : []), ...(found.data?.clients ?? []).filter((one) => one.id !== chosen?.id)];
  const { errors } = form.formState;
  return (
    <>
      {found.error && <ErrorBlock error={found.error} />}
      <Controller
        control={form.control}
        name="client_id"
        rules={{ required: t("needed") }}
        render={({ field }) => (
          <Select
            label={t("client")}
            placeholder={t("search_client")}
            searchable
            disabled={fixed}
            data={list.map((client) => ({ value: client.id, label: label(client) }))}
            filter={({ options }) => options}
            onSearchChange={setTyped}
            onDropdownOpen={() => setLooking(true)}
            {...field}
            value={field.value || null}
            onChange={(value) => {
              choose(list.find((client) => client.id === value));
              field.onChange(value ?? "");
            }}
            error={errors.client_id?.message}
          />
        )}
      />
      <Controller control={form.control} name="produit" render={({ field }) => <Select label={t("produit")} data={optionsOf(produit)} allowDeselect={false} {...field} error={errors.produit?.message} />} />
    </>
  );
}

function Areas({ form }: Given) {
  const can = useCan();
  const areas = useRead("/api/commandes/departements", { scoped: false });
  const editable = can("commandes.edit_quota");
  return (
    <Controller
      control={form.control}
      name="departements"
      rules={{ validate: (value) => value.length > 0 || t("needed") }}
      render={({ field, fieldState }) => {
        const all = field.value.includes(EVERYWHERE);
        return (
          <>
            <Checkbox label={t("everywhere")} checked={all} disabled={!editable} onChange={(event) => field.onChange(event.currentTarget.checked ? [EVERYWHERE] : [])} />
            {!all && (
              <TagsInput
                label={t("departements")}
                description={t("areas_help")}
                splitChars={[",", ";", " "]}
                data={Object.entries(areas.data?.names ?? {}).map(([code, name]) => `${code} ${name}`)}
                {...field}
                disabled={!editable}
                onChange={(tags) => field.onChange([...new Set(tags.flatMap((one) => codesOf(areas.data?.names[one.split(" ")[0] ?? ""] ? (one.split(" ")[0] ?? "") : one)))])}
                error={fieldState.error?.message}
              />
            )}
          </>
        );
      }}
    />
  );
}

function Figures({ form, editing }: Given & { editing: boolean }) {
  const can = useCan();
  const { errors } = form.formState;
  const figures = [
    { name: "quota_semaine", label: t("quota"), help: t("quota_help"), max: 1_000_000, permission: "commandes.edit_quota" },
    { name: "lb_target_pct", label: `${t("lb_target")} (%)`, help: t("lb_help"), max: 100, permission: "commandes.edit_lb_target" },
    { name: "priorite", label: t("priority"), help: t("priority_help"), max: 10, permission: "commandes.edit_quota" },
  ] as const;
  return figures.map((one) => (
    <Controller
      key={one.name}
      control={form.control}
      name={one.name}
      render={({ field }) => (
        <NumberInput label={one.label} description={one.help} min={one.name === "priorite" ? 1 : 0} max={one.max} allowDecimal={false} hideControls disabled={editing && !can(one.permission)} {...field} error={errors[one.name]?.message} />
      )}
    />
  ));
}
