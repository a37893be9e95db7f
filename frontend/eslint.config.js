// What the compiler does not see: rules of React and of accessibility, and two rules of this house.
import jsxA11y from "eslint-plugin-jsx-a11y";
import reactHooks from "eslint-plugin-react-hooks";
import tseslint from "typescript-eslint";

const HEX = "#[0-9A-Fa-f]{3,8}$";
const noHex = [
  { selector: `Literal[value=/${HEX}/]`, message: "A colour comes from src/ui/tokens.css: use its variable." },
  { selector: `TemplateElement[value.raw=/${HEX}/]`, message: "A colour comes from src/ui/tokens.css." },
];

export default tseslint.config(
  { ignores: ["dist", "node_modules", "src/api/schema.d.ts", "public"] },
  tseslint.configs.recommended,
  jsxA11y.flatConfigs.recommended,
  {
    files: ["src/**/*.{ts,tsx}"],
    plugins: { "react-hooks": reactHooks },
    rules: {
      "react-hooks/rules-of-hooks": "error",
      "react-hooks/exhaustive-deps": "error",
      "@typescript-eslint/consistent-type-imports": "error",
      "jsx-a11y/no-autofocus": "off", // the first field of a dialog is where the keyboard must be
      "no-restricted-syntax": ["error", ...noHex],
      "no-restricted-globals": ["error", { name: "fetch", message: "Call the API through src/api/client.ts." }],
    },
  },
  { files: ["src/api/client.ts"], rules: { "no-restricted-globals": "off" } },
);
