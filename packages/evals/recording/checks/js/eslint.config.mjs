export default [
  {
    files: ["*.js"],
    languageOptions: { sourceType: "commonjs", ecmaVersion: 2022 },
    rules: {
      "no-undef": "error",
      "no-unused-vars": "warn",
      "prefer-const": "error",
      eqeqeq: "error",
      "no-var": "error",
      "no-magic-numbers": "warn",
      "max-lines-per-function": ["warn", 12],
      "func-style": ["error", "expression"],
      "id-length": "warn",
      "no-ternary": "warn",
      "no-console": "error",
      curly: "error",
      "no-shadow": "error",
      "sort-keys": "warn",
    },
  },
];
