// Runs before any other code of a page. zod probes `new Function` once, and our content security policy
// would report that in the console even though zod catches it.
Object.assign(globalThis, { __zod_globalConfig: { jitless: true } });

export {};
