import { expect, test } from "vitest";
import { hashPassword } from "../../../../protocol/security/password-hash.js";

// The first two were sent by the official client; the others come from an independent bcrypt.
test.each([
  ["admin", "$2a$10$7EqJtq98hPqEX7fNZaFWoO1mVO/4MLpGzsqojz6E9Gef6iXDjXdDa"],
  ["pw", "$2a$10$7EqJtq98hPqEX7fNZaFWoOlrb4wZ3oZ6Djw9VVBeTqr60b2/Jm5zC"],
  ["pässwörd", "$2a$10$7EqJtq98hPqEX7fNZaFWoOteZHET5XbgArChDJutG6xOnAY19WzN."],
  ["x".repeat(80), "$2a$10$7EqJtq98hPqEX7fNZaFWoOj4pCMKJ2fyV1yI8DmffjnyvUcJMifGW"],
  ["", "$2a$10$7EqJtq98hPqEX7fNZaFWoOLCkFexA7A9eoJ0Ew.mTDdk.E60D.9zS"],
])("the hash of %s is what servers know the password by", async (password, hash) => {
  let breaths = 0;
  const breathe = async (): Promise<void> => {
    breaths++;
  };
  expect(await hashPassword(password, breathe)).toBe(hash);
  expect(breaths).toBe(16);
});
