import { TextInput } from "@mantine/core";
import type { UseFormReturn } from "react-hook-form";
import { t } from "./words";

export interface Contact {
  phone: string;
  nom: string;
  prenom: string;
  email: string;
  departement: string;
}

/** Who it is and how to call them; what cannot be used is said by the server under its field. */
export function ContactFields<V extends Contact>({ form: given }: { form: UseFormReturn<V> }) {
  const form = given as unknown as UseFormReturn<Contact>;
  const { errors } = form.formState;
  const needed = { required: t("needed") };
  return (
    <>
      <TextInput label={t("phone")} description={t("phone_help")} type="tel" error={errors.phone?.message} {...form.register("phone", needed)} />
      <TextInput label={t("nom")} error={errors.nom?.message} {...form.register("nom", needed)} />
      <TextInput label={`${t("prenom")} ${t("optional")}`} error={errors.prenom?.message} {...form.register("prenom")} />
      <TextInput label={`${t("email")} ${t("optional")}`} type="email" error={errors.email?.message} {...form.register("email")} />
      <TextInput label={t("departement")} description={t("departement_help")} error={errors.departement?.message} {...form.register("departement", needed)} />
    </>
  );
}
