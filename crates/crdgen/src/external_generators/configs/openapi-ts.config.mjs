// Written by crdgen for @hey-api/openapi-ts; yours to change.
export default {
  input: $DOCUMENT,
  output: $OUTPUT,
  plugins: ['@hey-api/typescript', '@hey-api/sdk', '@hey-api/client-fetch'],
};
