/** Where the rules go: before 73-seat-late.rules, which gives devices with the tag "uaccess" to whoever sits there. */
export const UDEV_FILE = "/etc/udev/rules.d/70-trivet-ledger.rules";

/** Lets the person at the screen, and nobody else who is logged in, use Ledger's devices (USB vendor 2c97). */
export const UDEV_RULES = `# Ledger hardware wallets, for whoever sits at this computer
KERNEL=="hidraw*", ATTRS{idVendor}=="2c97", MODE="0660", TAG+="uaccess"
SUBSYSTEM=="usb", ATTR{idVendor}=="2c97", MODE="0660", TAG+="uaccess"
`;

/** Writes the rules and applies them without a restart; to be run in a terminal, which asks for the password. */
export const UDEV_COMMAND = `sudo tee ${UDEV_FILE} > /dev/null <<'EOF'
${UDEV_RULES}EOF
sudo udevadm control --reload-rules && sudo udevadm trigger`;
