/** Refused domains and simulation, exchanges between entities, sources, returns. */
import { NativeSelect, NumberInput, Textarea, TextInput } from "@mantine/core";
import { Controller, useForm } from "react-hook-form";
import { useWrite } from "@/api/hooks";
import { useSession } from "@/app/session";
import { confirm } from "@/ui/confirm";
import { CalledOff } from "@/ui/FormPage";
import { lines } from "./lists";
import { changedText, SettingForm, TOUCHED } from "./SettingForm";
import type { TabProps } from "./SettingsPage";
import { t } from "./words";

const KEEP = { keepDirtyValues: true };

export function MailTab({ settings: { entity, email_denylist: mail }, manages }: TabProps) {
  const write = useWrite("put", "/api/settings/email-denylist", TOUCHED);
  const form = useForm({
    values: { domains: mail.domains.join("\n"), simulation_mode: mail.simulation_mode, simulation_email: mail.simulation_email },
    resetOptions: KEEP,
  });
  const { errors } = form.formState;
  const save = async ({ domains, simulation_mode, simulation_email }: { domains: string; simulation_mode: boolean; simulation_email: string }) => {
    if (simulation_mode !== mail.simulation_mode) {
      const verb = simulation_mode ? "simulation_on" : "simulation_off";
      const said = await confirm({
        title: t(verb, { entity }), body: t(`${verb}_body`, { address: simulation_email }), action: t(`${verb}_action`), danger: true,
      });
      if (!said) throw new CalledOff();
    }
    return write.mutateAsync({ body: { entity, domains: lines(domains), simulation_mode, ...(simulation_email ? { simulation_email } : {}) } });
  };
  return (
    <SettingForm title={t("envois")} note={changedText(mail)} form={form} manages={manages} onSave={save}>
      <Textarea label={t("domains")} description={t("domains_help")} autosize minRows={4} maxRows={16} error={errors.domains?.message} {...form.register("domains")} />
      <label className="tick">
        <input type="checkbox" {...form.register("simulation_mode")} />
        {t("simulation")}
      </label>
      <TextInput
        label={t("simulation_email")}
        type="email"
        error={errors.simulation_email?.message}
        {...form.register("simulation_email", { validate: (value, { simulation_mode }) => !simulation_mode || value.trim() !== "" || t("needed") })}
      />
    </SettingForm>
  );
}

export function CrossingTab({ settings: { entity, cross_entity: own }, overview, manages }: TabProps) {
  const { user } = useSession();
  const chief = user.role === "super_admin";
  const write = useWrite("put", "/api/settings/cross-entity", TOUCHED);
  const form = useForm({ values: { enabled: overview.cross_entity_enabled, ...own }, resetOptions: KEEP });
  return (
    <SettingForm
      title={t("echanges")}
      form={form}
      manages={manages}
      onSave={({ enabled, in_enabled, out_enabled }) =>
        write.mutateAsync({ body: { ...(chief ? { cross_entity_enabled: enabled } : {}), per_entity: { [entity]: { in_enabled, out_enabled } } } })
      }
    >
      <fieldset className="ticks" disabled={!chief}>
        <label className="tick">
          <input type="checkbox" {...form.register("enabled")} />
          {t("crossing")}
        </label>
        <p className="note">{t("crossing_help")}</p>
      </fieldset>
      <label className="tick">
        <input type="checkbox" {...form.register("out_enabled")} />
        {t("gives", { entity })}
      </label>
      <label className="tick">
        <input type="checkbox" {...form.register("in_enabled")} />
        {t("takes", { entity })}
      </label>
    </SettingForm>
  );
}

export function SourcesTab({ settings: { entity, source_gating: gate }, manages }: TabProps) {
  const write = useWrite("put", "/api/settings/source-gating", TOUCHED);
  const form = useForm({
    values: { mode: gate.mode, blocked_sources: gate.blocked_sources.join("\n"), allowed_sources: gate.allowed_sources.join("\n") },
    resetOptions: KEEP,
  });
  const { errors } = form.formState;
  return (
    <SettingForm
      title={t("sources")}
      note={changedText(gate)}
      form={form}
      manages={manages}
      onSave={({ mode, blocked_sources, allowed_sources }) =>
        write.mutateAsync({ body: { entity, mode, blocked_sources: lines(blocked_sources), allowed_sources: lines(allowed_sources) } })
      }
    >
      <NativeSelect label={t("mode")} data={(["blacklist", "whitelist"] as const).map((value) => ({ value, label: t(value) }))} {...form.register("mode")} />
      <Textarea label={t("blocked")} description={t("sources_help")} autosize minRows={4} error={errors.blocked_sources?.message} {...form.register("blocked_sources")} />
      <Textarea label={t("allowed")} description={t("one_per_line")} autosize minRows={4} error={errors.allowed_sources?.message} {...form.register("allowed_sources")} />
    </SettingForm>
  );
}

const MOST_DAYS = 90;

export function ReturnsTab({ settings: { entity, return_window: back, overlap_guard: guard }, manages }: TabProps) {
  const writeDays = useWrite("put", "/api/settings/return-window", TOUCHED);
  const writeGuard = useWrite("put", "/api/settings/overlap-guard", TOUCHED);
  const form = useForm({ values: { days: back.days, enabled: guard.enabled }, resetOptions: KEEP });
  const save = async ({ days, enabled }: { days: number; enabled: boolean }) => {
    if (days !== back.days) await writeDays.mutateAsync({ body: { entity, days } });
    if (enabled !== guard.enabled) await writeGuard.mutateAsync({ body: { entity, enabled } });
  };
  return (
    <SettingForm title={t("retours")} note={changedText(back)} form={form} manages={manages} onSave={save}>
      <Controller
        control={form.control}
        name="days"
        rules={{ required: t("needed") }}
        render={({ field, fieldState }) => (
          <NumberInput label={t("return_days")} description={t("return_help")} min={1} max={MOST_DAYS} allowDecimal={false} hideControls error={fieldState.error?.message} {...field} />
        )}
      />
      <label className="tick">
        <input type="checkbox" {...form.register("enabled")} />
        {t("overlap")}
      </label>
      <p className="note">{t("overlap_help")}</p>
    </SettingForm>
  );
}
