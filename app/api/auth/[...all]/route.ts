import { container } from "@/server/container";

const forward = (request: Request) => container().handleAuth(request);

export { forward as GET, forward as POST };
