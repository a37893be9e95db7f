/** Which entity and product the leads of a form are for. */
import { NativeSelect, TextInput } from "@mantine/core";
import { useState } from "react";
import { useWrite } from "@/api/hooks";
import type { Schema } from "@/api/types";
import { Button } from "@/ui/Button";
import { confirm } from "@/ui/confirm";
import { ErrorBlock } from "@/ui/ErrorBlock";
import { Card } from "@/ui/Page";
import { toast } from "@/ui/toasts";
import { optionsOf, produit as produits } from "@/words/states";
import { TOUCHED } from "./SettingForm";
import type { TabProps } from "./SettingsPage";
import { t } from "./words";

type Produit = Schema<"FormRow">["produit"];

export function FormsTab({ settings: { entity, forms }, manages }: TabProps) {
  const [code, setCode] = useState("");
  const [produit, setProduit] = useState<string>("PV");
  const replace = useWrite("put", "/api/settings/forms-config", TOUCHED);
  const rows = forms.map((one) => ({ form_code: one.code, produit: one.produit }));
  const add = async () => {
    const others = rows.filter((one) => one.form_code !== code.trim());
    try {
      await replace.mutateAsync({ body: { entity, forms: [...others, { form_code: code.trim(), produit: produit as Produit }] } });
      toast.done(t("form_saved"));
      setCode("");
    } catch {
      // shown under the field
    }
  };
  const remove = async (gone: string) => {
    if (!(await confirm({ title: t("remove_title", { code: gone }), body: t("remove_body"), action: t("remove_action"), danger: true }))) return;
    try {
      await replace.mutateAsync({ body: { entity, forms: rows.filter((one) => one.form_code !== gone) } });
      toast.done(t("form_removed"));
    } catch {
      // shown under the list
    }
  };
  return (
    <div className="page-form">
      <Card title={t("formulaires")}>
        {!forms.length && <p className="muted">{t("no_form")}</p>}
        <ul className="todo">
          {forms.map((one) => (
            <li key={one.code}>
              <strong className="grow">{one.code}</strong>
              <span>{one.produit}</span>
              {manages && (
                <Button kind="quiet" aria-label={`${t("remove")} ${one.code}`} onClick={() => void remove(one.code)}>
                  {t("remove")}
                </Button>
              )}
            </li>
          ))}
        </ul>
        {replace.error && <ErrorBlock error={replace.error} />}
        {manages && (
          <form
            className="form"
            onSubmit={(event) => {
              event.preventDefault();
              if (code.trim()) void add();
            }}
          >
            <TextInput label={t("form_code")} value={code} onChange={(event) => setCode(event.currentTarget.value)} />
            <NativeSelect label={t("produit")} data={optionsOf(produits)} value={produit} onChange={(event) => setProduit(event.currentTarget.value)} />
            <div>
              <Button type="submit" busy={replace.isPending} disabled={!code.trim()}>
                {t("add")}
              </Button>
            </div>
          </form>
        )}
      </Card>
    </div>
  );
}
