/** The delivery days of an entity: the usual week, and the next fourteen days, changed where they are read. */
import { useState } from "react";
import { useForm } from "react-hook-form";
import { useWrite } from "@/api/hooks";
import type { Schema } from "@/api/types";
import { date, day as longDay } from "@/lib/format";
import { Button } from "@/ui/Button";
import { confirm } from "@/ui/confirm";
import { Card } from "@/ui/Page";
import { TonePill } from "@/ui/Pill";
import { toast } from "@/ui/toasts";
import { closing, forgetting, opening } from "./lists";
import { changedText, SettingForm, TOUCHED } from "./SettingForm";
import type { TabProps } from "./SettingsPage";
import { t } from "./words";

const WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] as const;
type Calendar = Schema<"CalendarShown">;

export function CalendarTab({ settings, manages }: TabProps) {
  const { entity, delivery_calendar: calendar } = settings;
  return (
    <div className="columns">
      <DaysCard entity={entity} calendar={calendar} manages={manages} />
      <div className="stack">
        <WeekForm entity={entity} calendar={calendar} manages={manages} />
        <DatesCard entity={entity} calendar={calendar} manages={manages} />
      </div>
    </div>
  );
}

interface Part {
  entity: string;
  calendar: Calendar;
  manages: boolean;
}

function useDay({ entity, calendar }: Part) {
  const write = useWrite("put", "/api/settings/delivery-calendar", TOUCHED);
  const put = async (days: ReturnType<typeof closing>, done: string) => {
    try {
      await write.mutateAsync({ body: { entity, ...days } });
      toast.done(done);
    } catch (error) {
      toast.failed(error);
    }
  };
  const ask = (verb: "close" | "open", one: string) =>
    confirm({ title: t(`${verb}_title`, { entity, day: longDay(one) }), body: t(`${verb}_body`), action: t(`${verb}_action`), danger: verb === "close" });
  return {
    busy: write.isPending,
    close: async (one: string) => (await ask("close", one)) && put(closing(calendar, one), t("day_closed")),
    open: async (one: string) => (await ask("open", one)) && put(opening(calendar, one), t("day_opened")),
    forget: (one: string) => put(forgetting(calendar, one), t("forgotten")),
  };
}

export function DaysCard(part: Part) {
  const { busy, close, open } = useDay(part);
  return (
    <Card title={t("ahead")}>
      <ul className="todo days">
        {part.calendar.ahead?.map(({ day, reason }) => (
          <li key={day}>
            <TonePill tone={reason ? "neutral" : "success"}>{t(reason ? "closed" : "open")}</TonePill>
            <span className="grow">
              <span className="capital">{longDay(day)}</span>
              {reason && <span className="note"> {reason}</span>}
            </span>
            {part.manages && (
              <Button busy={busy} aria-label={`${t(reason ? "open_day" : "close_day")} ${longDay(day)}`} onClick={() => void (reason ? open(day) : close(day))}>
                {t(reason ? "open_day" : "close_day")}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </Card>
  );
}

function WeekForm({ entity, calendar, manages }: Part) {
  const write = useWrite("put", "/api/settings/delivery-calendar", TOUCHED);
  const form = useForm({
    values: { days: calendar.enabled_days.map(String), holidays_closed: calendar.holidays_closed },
    resetOptions: { keepDirtyValues: true },
  });
  return (
    <SettingForm
      title={t("days_form")}
      note={changedText(calendar)}
      form={form}
      manages={manages}
      onSave={({ days, holidays_closed }) => write.mutateAsync({ body: { entity, enabled_days: days.map(Number).sort(), holidays_closed } })}
    >
      {WEEKDAYS.map((one, index) => (
        <label key={one} className="tick">
          <input type="checkbox" value={String(index)} {...form.register("days")} />
          {t(one)}
        </label>
      ))}
      <label className="tick">
        <input type="checkbox" {...form.register("holidays_closed")} />
        {t("holidays")}
      </label>
    </SettingForm>
  );
}

function DatesCard(part: Part) {
  const { busy, close, open, forget } = useDay(part);
  const [asked, setAsked] = useState("");
  const { disabled_dates: closed, opened_dates: opened } = part.calendar;
  const dates = [...closed.map((day) => ({ day, shut: true })), ...opened.map((day) => ({ day, shut: false }))].sort((one, other) => one.day.localeCompare(other.day));
  return (
    <Card title={t("dates")}>
      <div className="form">
        {!dates.length && <p className="muted">{t("no_date")}</p>}
        {dates.length > 0 && (
          <ul className="todo days">
            {dates.map(({ day, shut }) => (
              <li key={day}>
                <span className="grow">{t(shut ? "closed_date" : "opened_date", { day: date(day) })}</span>
                {part.manages && (
                  <Button kind="quiet" busy={busy} aria-label={`${t("forget")} ${date(day)}`} onClick={() => void forget(day)}>
                    {t("forget")}
                  </Button>
                )}
              </li>
            ))}
          </ul>
        )}
        {part.manages && (
          <div className="inline">
            <input type="date" className="date-input" aria-label={t("another")} value={asked} onChange={(event) => setAsked(event.target.value)} />
            <Button disabled={!asked} onClick={() => void close(asked)}>
              {t("close_day")}
            </Button>
            <Button disabled={!asked} onClick={() => void open(asked)}>
              {t("open_day")}
            </Button>
          </div>
        )}
      </div>
    </Card>
  );
}
