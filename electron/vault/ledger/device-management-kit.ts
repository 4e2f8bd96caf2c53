import { randomUUID } from "node:crypto";
import type { ContextModule } from "@ledgerhq/context-module";
import type {
  DeviceActionState,
  DeviceManagementKit,
  DeviceModelId,
  Transport as KitTransport,
} from "@ledgerhq/device-management-kit";
import type { Observable } from "rxjs";
import type { TypedData } from "#core/operations/typed-data.ts";
import { type LedgerLibrary, plainMessage } from "./library.ts";
import { type Kit, loadKit, type Transport } from "./packages.ts";
import { Wire } from "./wire.ts";

const TRANSPORT = "TRIVET";

/**
 * The kit asks this for everything that it would fetch from Ledger's services: descriptions, names, warnings, and
 * where it reports to. Ours has nothing and reports to nobody, so that the kit has no reason to use the network.
 */
const NO_SERVICES: ContextModule = {
  getContexts: () => Promise.resolve([]),
  getFieldContext: () => Promise.reject(new Error("Trivet asks none of Ledger's services")),
  getTypedDataFilters: () =>
    Promise.resolve({ type: "error", error: new Error("Trivet asks none of Ledger's services") }),
  report: () => Promise.resolve(),
};

/** A model as the kit calls it. Where the connection does not tell: what the kit does by model, Trivet does not send. */
function modelOf({ deviceModel }: Transport, { DeviceModelId }: Kit): DeviceModelId {
  switch (deviceModel?.id as string | undefined) {
    case "nanoX":
      return DeviceModelId.NANO_X;
    case "stax":
      return DeviceModelId.STAX;
    case "europa":
      return DeviceModelId.FLEX;
    case "apex":
      return DeviceModelId.APEX;
    default:
      return DeviceModelId.NANO_SP;
  }
}

/** Ledger's Device Management Kit: one kit, to which the connections of each request are handed. */
export function deviceManagementKit(): LedgerLibrary {
  let starting: Promise<Started> | undefined;
  return async (transport) => {
    const started = await (starting ??= start());
    const { kit, wires } = started;
    const wire = new Wire(transport, kit);
    const id = randomUUID();
    wires.set(id, wire);
    const end = (): void => {
      wires.delete(id);
    };
    try {
      const sessionId = await wire.run(() => connect(started, id));
      const signer = new kit.SignerEthBuilder({ dmk: started.manager, sessionId })
        .withContextModule(NO_SERVICES)
        .build();
      // The kit would open the app, which restarts the connection; whether it is open was looked at before.
      const skipOpenApp = true;
      return {
        address: (path, show) =>
          wire.run(async () => {
            const { address } = await outcome(
              kit,
              signer.getAddress(path, { checkOnDevice: show, skipOpenApp }),
            );
            return address;
          }),
        signTypedData: (path, typedData) =>
          wire.run(async () => {
            const { r, s, v } = await outcome(
              kit,
              signer.signTypedData(path, forKit(typedData), { skipOpenApp }),
            );
            return { r: r.slice(2), s: s.slice(2), v };
          }),
        end: async () => {
          await started.manager.disconnect({ sessionId }).finally(end);
        },
      };
    } catch (error) {
      end();
      throw error;
    }
  };
}

interface Started {
  readonly kit: Kit;
  readonly manager: DeviceManagementKit;
  /** The connections that are handed to the kit at the moment, by their ids. */
  readonly wires: Map<string, Wire>;
}

/** Builds the kit without a logger: what is signed is nobody's business. */
async function start(): Promise<Started> {
  const kit = await loadKit();
  const wires = new Map<string, Wire>();
  const manager = new kit.DeviceManagementKitBuilder()
    .addTransport(({ deviceModelDataSource }): KitTransport => ({
      getIdentifier: () => TRANSPORT,
      isSupported: () => true,
      startDiscovering: () => kit.EMPTY,
      stopDiscovering: () => undefined,
      listenToAvailableDevices: () => kit.EMPTY,
      connect: ({ deviceId }) => {
        const wire = wires.get(deviceId);
        if (!wire) return Promise.resolve(kit.Left(new kit.OpeningConnectionError("not open")));
        const connected = new kit.TransportConnectedDevice({
          id: deviceId,
          deviceModel: deviceModelDataSource.getDeviceModel({ id: modelOf(wire.transport, kit) }),
          type: "USB",
          transport: TRANSPORT,
          sendApdu: (apdu) => wire.send(apdu),
        });
        return Promise.resolve(kit.Right(connected));
      },
      disconnect: () => Promise.resolve(kit.Right(undefined)),
    }))
    .build();
  return { kit, manager, wires };
}

/** The kit asks once which app is open, and not again and again: other requests may use the Ledger between ours. */
function connect({ kit, manager, wires }: Started, id: string): Promise<string> {
  const model = modelOf(wireOf(wires, id).transport, kit);
  return manager.connect({
    device: {
      id,
      name: model,
      deviceModel: new kit.DeviceModel({ id, model, name: model }),
      transport: TRANSPORT,
    },
    sessionRefresherOptions: { isRefresherDisabled: true },
  });
}

function wireOf(wires: Started["wires"], id: string): Wire {
  const wire = wires.get(id);
  if (!wire) throw new Error("this connection was ended");
  return wire;
}

/** Waits for the end of an action of the kit. */
async function outcome<Output, E, Interim>(
  { DeviceActionStatus, lastValueFrom }: Kit,
  { observable }: { readonly observable: Observable<DeviceActionState<Output, E, Interim>> },
): Promise<Output> {
  const last = await lastValueFrom(observable);
  if (last.status === DeviceActionStatus.Completed) return last.output;
  const cause = last.status === DeviceActionStatus.Error ? last.error : undefined;
  throw new Error(`the kit's action ended as ${last.status}`, { cause });
}

function forKit(typedData: TypedData) {
  const { domain, types, primaryType } = typedData;
  return {
    domain,
    types: Object.fromEntries(
      Object.entries(types).map(([name, fields]) => [name, fields.map((field) => ({ ...field }))]),
    ),
    primaryType,
    message: plainMessage(typedData),
  };
}
