// Written by crdgen for orval; yours to change.
const output = $OUTPUT;

module.exports = {
  api: {
    input: $DOCUMENT,
    output: {
      target: `${output}/index.ts`,
      schemas: `${output}/model`,
      client: 'fetch',
      mode: 'tags-split',
      // Without these two it forgets If-Match, and sends names as they are.
      headers: true,
      urlEncodeParameters: true,
    },
  },
};
