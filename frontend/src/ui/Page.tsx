import { useEffect, type ReactNode } from "react";

/** A page's head: its name (also the tab's), one line that says what it shows, what can be done. */
export function Page({ title, intro, actions, children, narrow }: {
  title: string; intro?: ReactNode; actions?: ReactNode; children: ReactNode; narrow?: "record" | "form";
}) {
  useEffect(() => {
    document.title = `${title} · RDZ CRM`;
  }, [title]);
  return (
    <div className={`page ${narrow ? `page-${narrow}` : ""}`}>
      <header className="page-head">
        <div>
          <h1>{title}</h1>
          {intro && <p className="page-intro">{intro}</p>}
        </div>
        {actions && <div className="page-actions">{actions}</div>}
      </header>
      {children}
    </div>
  );
}

export function Card({ title, note, children, actions }: { title?: string; note?: ReactNode; children: ReactNode; actions?: ReactNode }) {
  return (
    <section className="card">
      {title && (
        <header className="card-head">
          <h2>{title}</h2>
          {note && <span className="note">{note}</span>}
          {actions}
        </header>
      )}
      {children}
    </section>
  );
}

/** What is known of a record: names and values. An absent value is a dash, never a hole. */
export function Facts({ rows }: { rows: [string, ReactNode][] }) {
  return (
    <dl className="facts">
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value === null || value === undefined || value === "" ? <span className="muted">–</span> : value}</dd>
        </div>
      ))}
    </dl>
  );
}

export interface Moment {
  id: string;
  at: string;
  title: ReactNode;
  detail?: ReactNode;
}

export function Timeline({ moments, shown }: { moments: Moment[]; shown: (at: string) => string }) {
  return (
    <ol className="timeline">
      {moments.map((one) => (
        <li key={one.id}>
          <time dateTime={one.at}>{shown(one.at)}</time>
          <div>
            <div>{one.title}</div>
            {one.detail && <div className="note">{one.detail}</div>}
          </div>
        </li>
      ))}
    </ol>
  );
}
