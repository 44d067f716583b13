/** The part of swagger-ui-dist that the reference uses. The package has no types. */
declare module "swagger-ui-dist/swagger-ui-es-bundle.js" {
  interface System {
    /** Sets the token of a security scheme. */
    preauthorizeApiKey(scheme: string, token: string): void;
  }

  export default function SwaggerUI(options: { readonly [name: string]: unknown }): System;
}
