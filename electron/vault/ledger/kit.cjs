/* eslint-disable @typescript-eslint/no-require-imports -- the kit's ES modules do not load in plain Node, and
   `require` is what makes Node and a bundler alike take its CommonJS form. */
const {
  ApduResponse,
  DeviceActionStatus,
  DeviceManagementKitBuilder,
  DeviceModel,
  DeviceModelId,
  OpeningConnectionError,
  TransportConnectedDevice,
} = require("@ledgerhq/device-management-kit");
const { SignerEthBuilder } = require("@ledgerhq/device-signer-kit-ethereum");
const { Left, Right } = require("purify-ts");
const { EMPTY, lastValueFrom } = require("rxjs");

/** What Trivet uses of Ledger's Device Management Kit and of what stands in the kit's interfaces. */
module.exports = {
  ApduResponse,
  DeviceActionStatus,
  DeviceManagementKitBuilder,
  DeviceModel,
  DeviceModelId,
  EMPTY,
  lastValueFrom,
  Left,
  OpeningConnectionError,
  Right,
  SignerEthBuilder,
  TransportConnectedDevice,
};
