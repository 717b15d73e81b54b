/** Whether a reset has ended the session of a request that a JWT authorizer let through. */
export function sessionEnded(event, user) {
  const { iat } = event.requestContext.authorizer.jwt.claims;
  return Number(iat) <= (user.sessions_valid_after ?? 0);
}
