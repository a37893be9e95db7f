/** The frame of every page: navigation, header, content (design.md 2, 3). */
import { Drawer } from "@mantine/core";
import { IconLayoutSidebarLeftCollapse, IconLayoutSidebarLeftExpand, IconMenu2, IconSearch } from "@tabler/icons-react";
import { lazy, Suspense, useEffect, useState } from "react";
import { useLaunch } from "@/features/delivery_run/launch";
import { useWatched } from "@/features/tasks/watched";
import { NavLink, Outlet, ScrollRestoration, useLocation } from "react-router";
import { ConfirmHost } from "@/ui/confirm";
import { IconButton } from "@/ui/Button";
import { later } from "@/lib/later";
import { Lines } from "@/ui/Skeletons";
import { ToastHost } from "@/ui/toasts";
import { singleKey, useKept } from "@/ui/kept";
import { useActions } from "./actions";
import { AccountMenu } from "./AccountMenu";
import { Bell, Waiting } from "./Bell";
import { opened, t as nav } from "./navigation";
import { ScopeProvider, useHref, useScope } from "./scope";
import { SessionProvider, useCan, useSession, useTourOffered } from "./session";
import { t } from "./words";

const EARLY_MS = 3_000;
const Palette = later(() => import("./Palette"));
const Shortcuts = later(() => import("./Shortcuts"));
const Tour = lazy(() => import("@/features/tour/Tour"));
const TaskTray = lazy(() => import("@/features/tasks/TaskTray"));

export function Shell() {
  return (
    <SessionProvider>
      <ScopeProvider>
        <Frame />
      </ScopeProvider>
    </SessionProvider>
  );
}

function Frame() {
  const [rail, setRail] = useKept("rail", false);
  const [drawer, setDrawer] = useState(false);
  const [palette, setPalette] = useState(false);
  const [sheet, setSheet] = useState(false);
  const tour = useTourOffered();
  const { launch } = useLaunch();
  useActions([{ key: "launch", label: t("launch"), words: t("launch_words"), permission: "system.manage", run: () => void launch() }]);
  const { pathname } = useLocation();
  const [seen, setSeen] = useState(pathname);
  if (seen !== pathname) {
    setSeen(pathname);
    setDrawer(false);
  }
  const early = useEarlyKeys();
  const openPalette = () => {
    if (!palette) early.listen();
    setPalette(true);
  };
  useFrameKeys(openPalette, () => setSheet(true));
  useEffect(() => {
    const timer = setTimeout(() => [Palette, Shortcuts, Waiting].forEach((one) => one.fetch()), 2_000); // here before they are asked for
    return () => clearTimeout(timer);
  }, []);
  return (
    <div className={`shell ${rail ? "shell-rail" : ""}`}>
      <a className="skip" href="#main">
        {t("skip")}
      </a>
      <aside className="sidebar">
        <Navigation />
        <IconButton
          className="rail-btn"
          label={t(rail ? "unrail" : "rail")}
          icon={rail ? <IconLayoutSidebarLeftExpand size={20} stroke={1.75} /> : <IconLayoutSidebarLeftCollapse size={20} stroke={1.75} />}
          onClick={() => setRail(!rail)}
        />
      </aside>
      <Drawer opened={drawer} onClose={() => setDrawer(false)} size={280} title="RDZ CRM" closeButtonProps={{ "aria-label": t("menu") }}>
        <Navigation />
      </Drawer>
      <div className="column">
        <header className="header">
          <IconButton className="menu-btn" label={t("menu")} icon={<IconMenu2 size={20} />} onClick={() => setDrawer(true)} />
          <button type="button" className="search-btn" aria-keyshortcuts="Control+K /" onClick={() => setPalette(true)}>
            <IconSearch size={16} stroke={1.75} aria-hidden />
            <span>{t("search")}</span>
            <kbd>Ctrl K</kbd>
          </button>
          <span className="grow" />
          <ScopeSwitch />
          <Bell />
          <AccountMenu showShortcuts={() => setSheet(true)} />
        </header>
        <Simulation />
        <main id="main" tabIndex={-1}>
          <Suspense fallback={<Lines count={8} />}>
            <Outlet />
          </Suspense>
        </main>
        <Footer />
      </div>
      {palette && (
        <Suspense>
          <Palette taken={early.take} close={() => setPalette(false)} showShortcuts={() => setSheet(true)} />
        </Suspense>
      )}
      {sheet && (
        <Suspense>
          <Shortcuts close={() => setSheet(false)} />
        </Suspense>
      )}
      {tour && (
        <Suspense>
          <Tour />
        </Suspense>
      )}
      <Tasks />
      <ConfirmHost />
      <ScrollRestoration />
      <ToastHost />
    </div>
  );
}

/** Fetched only when a task is under way, or was started from here. */
function Tasks() {
  const { counts } = useSession();
  const watched = useWatched();
  if (!counts.tasks && !watched.size) return null;
  return (
    <Suspense>
      <TaskTray />
    </Suspense>
  );
}

function Navigation() {
  const can = useCan();
  const href = useHref();
  const { counts } = useSession();
  return (
    <nav className="nav" aria-label={nav("main")}>
      <span className="brand">RDZ CRM</span>
      {opened(can).map((section, at) => (
        <div key={section.key ?? at}>
          {section.key && <h2>{nav(section.key)}</h2>}
          <ul>
            {section.entries.map((one) => {
              const waiting = one.count ? counts[one.count] : null;
              return (
                <li key={one.to}>
                  <NavLink to={href(one.to)} title={nav(one.key)}>
                    <one.icon size={20} stroke={1.75} aria-hidden />
                    <span className="nav-label">{nav(one.key)}</span>
                    {!!waiting && (
                      <span className="nav-count" aria-label={t("waiting", { count: waiting })}>
                        {waiting}
                      </span>
                    )}
                  </NavLink>
                </li>
              );
            })}
          </ul>
        </div>
      ))}
    </nav>
  );
}

function ScopeSwitch() {
  const { scope, entities, choose } = useScope();
  const { user } = useSession();
  if (!scope) return <span className={`entity entity-${user.entity === "MDL" ? "mdl" : "zr7"}`}>{user.entity}</span>;
  return (
    <div className="segmented" role="radiogroup" aria-label={t("scope")}>
      {[...entities, "BOTH"].map((one) => (
        <label key={one}>
          <input type="radio" name="entite" checked={scope === one} onChange={() => choose(one)} />
          <span>{one === "BOTH" ? t("both") : one}</span>
        </label>
      ))}
    </div>
  );
}

function Simulation() {
  const { entities } = useSession();
  const { entity } = useScope();
  return entities
    .filter((one) => one.simulation && (!entity || entity === one.code))
    .map((one) => (
      <p key={one.code} className="simulation" role="status">
        {t("simulation", { entity: one.code, address: one.simulation ?? "" })}
      </p>
    ));
}

function Footer() {
  const { version } = useSession();
  return (
    <footer className="foot note">
      <span>{t("footer")}</span>
      <span>{t("version", { version })}</span>
    </footer>
  );
}

/** Ctrl K anywhere; `/` and `?` outside of what is typed in. */
function useFrameKeys(search: () => void, shortcuts: () => void): void {
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey)) search();
      else if (event.key === "/" && singleKey(event)) search();
      else if (event.key === "?" && singleKey(event)) shortcuts();
      else return;
      event.preventDefault();
    };
    document.addEventListener("keydown", pressed);
    return () => document.removeEventListener("keydown", pressed);
  }, [search, shortcuts]);
}

/** What is typed between `/` and the moment the palette's field is there to take it. */
function useEarlyKeys() {
  const [keys] = useState(() => {
    let typed = "";
    let patience: ReturnType<typeof setTimeout> | undefined;
    const note = (event: KeyboardEvent) => {
      if (event.key.length !== 1 || event.ctrlKey || event.metaKey || event.altKey) return;
      typed += event.key;
      event.preventDefault();
    };
    const take = () => {
      const told = typed;
      typed = "";
      clearTimeout(patience);
      document.removeEventListener("keydown", note, true);
      return told;
    };
    const listen = () => {
      document.addEventListener("keydown", note, true);
      patience = setTimeout(take, EARLY_MS); // a palette that does not come must not keep the keyboard
    };
    return { listen, take };
  });
  return keys;
}
