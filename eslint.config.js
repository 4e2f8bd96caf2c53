// How the code is linted. Formatting is Prettier's job (`npm run format`), layers are .dependency-cruiser.mjs's.
import prettier from "eslint-config-prettier";
import vue from "eslint-plugin-vue";
import { defineConfig, globalIgnores } from "eslint/config";
import globals from "globals";
import tseslint from "typescript-eslint";

/** Code that answers to no screen and no terminal: it hands errors on instead of printing them. */
const SILENT = ["core/**", "electron/**", "renderer/**", "lit-actions/gate/**"];
const TESTS = ["**/*.test.ts", "e2e/**/*.ts"];
const PLAIN_JAVASCRIPT = ["**/*.js", "**/*.mjs", "**/*.cjs"];

export default defineConfig(
  globalIgnores([
    "**/node_modules",
    "out",
    "dist",
    ".cache",
    "contracts/artifacts",
    "contracts/cache",
    "contracts/abi.ts",
    "devnet/state",
    "e2e/results",
    "e2e/screenshots",
    "**/*.d.mts",
  ]),

  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  vue.configs["flat/recommended"],
  {
    languageOptions: {
      parserOptions: {
        projectService: true,
        tsconfigRootDir: import.meta.dirname,
        extraFileExtensions: [".vue"],
      },
    },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      eqeqeq: ["error", "always", { null: "ignore" }],
      "no-implicit-coercion": "error",
      "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "separate-type-imports" }],
      "@typescript-eslint/switch-exhaustiveness-check": [
        "error",
        { considerDefaultExhaustiveForUnions: true, requireDefaultForNonUnion: true },
      ],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "@typescript-eslint/restrict-template-expressions": [
        "error",
        { allowNumber: true, allowBoolean: false, allowNullish: false },
      ],
      "@typescript-eslint/return-await": ["error", "error-handling-correctness-only"],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "@typescript-eslint/require-await": "off",
      "@typescript-eslint/consistent-type-definitions": "off",
    },
  },

  { files: SILENT, ignores: TESTS, rules: { "no-console": "error" } },
  { files: ["electron/main/log.ts", "electron/main/log/**"], rules: { "no-console": "off" } },

  {
    files: ["**/*.vue"],
    languageOptions: { parserOptions: { parser: tseslint.parser } },
    rules: {
      "vue/block-lang": ["error", { script: { lang: "ts" } }],
      "vue/block-order": ["error", { order: ["script", "template", "style"] }],
      "vue/component-api-style": ["error", ["script-setup"]],
      "vue/define-macros-order": "error",
      "vue/multi-word-component-names": "off",
      "vue/no-unused-refs": "error",
      "vue/no-v-html": "error",
      "vue/require-default-prop": "off",
    },
  },

  {
    files: TESTS,
    rules: {
      // A test builds odd values on purpose and passes methods to spies.
      "@typescript-eslint/no-unsafe-assignment": "off",
      "@typescript-eslint/no-non-null-assertion": "off",
      "@typescript-eslint/unbound-method": "off",
      "@typescript-eslint/no-empty-function": "off",
      "@typescript-eslint/only-throw-error": "off",
    },
  },

  {
    files: PLAIN_JAVASCRIPT,
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: { globals: globals.node },
  },
  prettier,
);
