/** What the person typed into the withdrawal's form, word for word. */
export interface WithdrawRequest {
  token: string;
  to: string;
  amount: string;
}
