// Written by crdgen for kubb; yours to change.
import { defineConfig } from '@kubb/core';
import { pluginClient } from '@kubb/plugin-client';
import { pluginOas } from '@kubb/plugin-oas';
import { pluginTs } from '@kubb/plugin-ts';

export default defineConfig({
  root: '.',
  input: { path: $DOCUMENT },
  // Without the extension compilers take the imports as they are.
  output: { path: $OUTPUT, clean: true, extension: { '.ts': '' }, format: false, lint: false },
  plugins: [
    pluginOas({ generators: [] }),
    // Enums as constants too are exported twice where a name begins with two capitals.
    pluginTs({ enumType: 'literal' }),
    pluginClient({ client: 'fetch' }),
  ],
});
