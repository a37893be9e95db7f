/** Mantine mapped onto our tokens: it brings behaviour, we bring every colour and size. */
import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from "@mantine/core";

const accent = Array.from({ length: 10 }, () => "var(--accent)") as unknown as MantineColorsTuple;

export const theme = createTheme({
  primaryColor: "accent",
  colors: { accent },
  fontFamily: "InterVariable, system-ui, sans-serif",
  defaultRadius: 6,
  fontSizes: { xs: "12px", sm: "13px", md: "14px", lg: "16px", xl: "20px" },
  lineHeights: { xs: "1.333", sm: "1.385", md: "1.43", lg: "1.5", xl: "1.4" },
  spacing: { xs: "4px", sm: "8px", md: "12px", lg: "16px", xl: "24px" },
  focusRing: "auto",
  respectReducedMotion: true,
  // The head of a dialog is no banner of the page.
  components: { Modal: { defaultProps: { attributes: { header: { role: "none" } } } } },
});

const mapped = {
  "--mantine-color-body": "var(--surface)",
  "--mantine-color-text": "var(--text)",
  "--mantine-color-bright": "var(--text)",
  "--mantine-color-dimmed": "var(--text-2)",
  "--mantine-color-placeholder": "var(--text-2)",
  "--mantine-color-anchor": "var(--accent)",
  "--mantine-color-error": "var(--danger)",
  "--mantine-color-default": "var(--surface)",
  "--mantine-color-default-hover": "var(--hover)",
  "--mantine-color-default-color": "var(--text)",
  "--mantine-color-default-border": "var(--control)",
  "--mantine-color-disabled": "var(--subtle)",
  "--mantine-color-disabled-color": "var(--text-2)",
  "--mantine-color-accent-filled": "var(--accent)",
  "--mantine-color-accent-filled-hover": "var(--accent-hover)",
  "--mantine-color-accent-light": "var(--selected)",
  "--mantine-color-accent-light-hover": "var(--selected)",
  "--mantine-color-accent-light-color": "var(--accent)",
  "--mantine-color-accent-outline": "var(--accent)",
  "--mantine-primary-color-contrast": "var(--on-accent)",
  "--mantine-shadow-md": "var(--shadow)",
};

/** Mantine's own greys, where it names them itself: fields, boxes, switches, menus, tags. */
const light = { "--mantine-color-gray-1": "var(--subtle)", "--mantine-color-gray-2": "var(--border)", "--mantine-color-gray-3": "var(--control)", "--mantine-color-gray-4": "var(--control)" };
const dark = {
  "--mantine-color-dark-3": "var(--text-2)",
  "--mantine-color-dark-4": "var(--border)",
  "--mantine-color-dark-5": "var(--control)",
  "--mantine-color-dark-6": "var(--surface)",
  "--mantine-color-dark-7": "var(--subtle)",
};

export const variables: CSSVariablesResolver = () => ({ variables: {}, light: { ...mapped, ...light }, dark: { ...mapped, ...dark } });
