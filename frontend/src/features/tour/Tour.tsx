/** The two-minute tour of the demonstration base (design.md 37-40): a panel that watches, and never does anything itself. */
import { Modal } from "@mantine/core";
import { IconCheck, IconX } from "@tabler/icons-react";
import { useEffect, useEffectEvent, useState } from "react";
import { useLocation, useNavigate } from "react-router";
import { useRead, useWrite } from "@/api/hooks";
import { useSession } from "@/app/session";
import { Button, IconButton } from "@/ui/Button";
import { ErrorBlock } from "@/ui/ErrorBlock";
import { useKept } from "@/ui/kept";
import { t as ui } from "@/ui/words";
import { onTourAsked } from "./asked";
import { isDone, STEPS, type State, type Step } from "./steps";
import { t } from "./words";

interface Kept {
  /** Offered once. */
  asked: boolean;
  /** Which visit of the base; 0 before the first. */
  number: number;
  /** The step under way; -1 when the panel is closed, `STEPS.length` at the end. */
  step: number;
  /** The steps that were confirmed, the skipped ones left out. */
  done: Step[];
}
const FIRST: Kept = { asked: false, number: 0, step: -1, done: [] };
const LIVE_S = 2;
const READ_MS = 5_000;

export default function Tour() {
  const [kept, keep] = useKept<Kept>("tour", FIRST);
  const [offered, offer] = useState(false);
  const begin = useWrite("post", "/api/tour", ["/api/tour"]);
  useEffect(() => onTourAsked(() => offer(true)), []);
  const close = (next: Kept) => {
    offer(false);
    keep(next);
  };
  const start = async () => {
    const state = await begin.mutateAsync({}).catch(() => undefined); // its refusal is shown
    if (state) close({ asked: true, number: state.number, step: 0, done: [] });
  };
  if (offered || !kept.asked) {
    return <Welcome busy={begin.isPending} error={begin.error} start={() => void start()} later={() => close({ ...kept, asked: true })} />;
  }
  if (kept.step < 0) return null;
  return <Panel kept={kept} keep={keep} again={() => void start()} error={begin.error} />;
}

function Welcome({ busy, error, start, later }: { busy: boolean; error: Error | null; start: () => void; later: () => void }) {
  const { user } = useSession();
  return (
    <Modal opened onClose={later} title={t("welcome", { name: user.nom.split(" ")[0] ?? user.nom })} centered closeButtonProps={{ "aria-label": ui("close") }}>
      <div className="stack">
        <p>{t("welcome_body")}</p>
        {error && <ErrorBlock error={error} />}
        <div className="dialog-actions">
          <Button onClick={later}>{t("later")}</Button>
          <Button kind="primary" busy={busy} data-autofocus onClick={start}>
            {t("start")}
          </Button>
        </div>
      </div>
    </Modal>
  );
}

interface PanelProps {
  kept: Kept;
  keep: (next: Kept) => void;
  again: () => void;
  error: Error | null;
}

function Panel({ kept, keep, again, error }: PanelProps) {
  const navigate = useNavigate();
  const over = kept.step >= STEPS.length;
  const read = useRead("/api/tour", { query: { number: kept.number }, scoped: false, everyS: LIVE_S, enabled: !over });
  const step = STEPS[kept.step];
  const quit = () => keep({ ...kept, step: -1 });
  const next = (done: boolean) => keep({ ...kept, step: kept.step + 1, done: done && step ? [...kept.done, step] : kept.done });
  return (
    <section className="tour" aria-label={t("name")}>
      <header className="card-head">
        <h2>{over ? t("name") : t("at", { n: kept.step + 1, of: STEPS.length })}</h2>
        <IconButton label={t("quit")} icon={<IconX size={16} />} onClick={quit} />
      </header>
      <Progress kept={kept} />
      {read.error && !read.data && <ErrorBlock error={read.error} retry={() => void read.refetch()} />}
      {over && <p role="status">{t("end")}</p>}
      {step && read.data && <Told key={step} step={step} state={read.data} next={() => next(true)} />}
      {error && <ErrorBlock error={error} />}
      <div className="dialog-actions">
        <Button kind="quiet" onClick={quit}>
          {t("quit")}
        </Button>
        {!over && <Button onClick={() => next(false)}>{t("skip")}</Button>}
        {over && <Button onClick={again}>{t("again")}</Button>}
        {over && (
          <Button
            kind="primary"
            onClick={() => {
              quit();
              void navigate("/admin/dashboard");
            }}
          >
            {t("cockpit")}
          </Button>
        )}
      </div>
    </section>
  );
}

function Progress({ kept }: { kept: Kept }) {
  return (
    <ol className="tour-steps" aria-label={t("steps")}>
      {STEPS.map((one, at) => {
        const done = kept.done.includes(one);
        return (
          <li key={one} aria-current={at === kept.step ? "step" : undefined} data-done={done || undefined}>
            {done && <IconCheck size={12} stroke={2} aria-label={t("done")} />}
            {t(one)}
          </li>
        );
      })}
    </ol>
  );
}

/** The text of a step, announced politely; what it asks for is outlined, and it ends by itself. */
function Told({ step, state, next }: { step: Step; state: State; next: () => void }) {
  const { pathname } = useLocation();
  const whyOpen = useWhyOpen();
  const done = isDone(step, state, { pathname, whyOpen });
  const go = useEffectEvent(next);
  useEffect(() => {
    document.body.dataset.tour = step;
    return () => void delete document.body.dataset.tour;
  }, [step]);
  useEffect(() => {
    if (!done) return undefined;
    const timer = setTimeout(() => go(), step === "resell" ? READ_MS : 0);
    return () => clearTimeout(timer);
  }, [done, step]);
  const names = { client: state.client_name, phone: state.phone, next: state.resold?.client_name ?? t("next") };
  return (
    <>
      <p role="status">{t(`${step}_text`, names)}</p>
      <p className="note">{t("keyboard", { keys: t(`${step}_keys`) })}</p>
    </>
  );
}

function useWhyOpen(): boolean {
  const look = () => document.querySelector("details[data-tour=why][open]") !== null;
  const [open, setOpen] = useState(look);
  useEffect(() => {
    const seen = () => setOpen(look());
    document.addEventListener("toggle", seen, true); // it does not bubble
    return () => document.removeEventListener("toggle", seen, true);
  }, []);
  return open;
}
