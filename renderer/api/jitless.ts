import { config } from "zod";

// The pages' content security policy forbids making code from text. Zod would probe for that and be reported; this
// module must be imported before any schema is built.
config({ jitless: true });
