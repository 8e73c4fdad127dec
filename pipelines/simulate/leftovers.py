"""What nobody meant to send: the personal values that reports hold besides the crash itself."""

from pipelines.simulate.crash import Crash


def log_lines(crash: Crash) -> list[str]:
    """Return lines of a log, such as reporters attach, with personal values in them."""
    persona = crash.persona
    return [
        f"Account: user_name={persona.user_name}",
        f"Account: signed in as {persona.mail_address}",
        f"Account: device_id={persona.device_id}",
        f"Bluetooth: device_name={persona.host_name}",
        f"Wifi: bssid {persona.mac_address} address {persona.ip_address}",
        f"Dialer: calling {persona.phone_number}",
        f"Sync: Authorization: Bearer {persona.json_web_token}",
        f"Forms: {persona.person_name}, {persona.street_address}",
        f"Feedback: {persona.comment}",
    ]


def environment(crash: Crash) -> dict[str, str]:
    """Return the environment of the process, with the user's own names and secrets."""
    persona = crash.persona
    return {
        "HOME": crash.home,
        "HOSTNAME": persona.host_name,
        "USER": persona.user_name,
        "GITHUB_TOKEN": persona.api_key,
        "SYNC_SECRET": persona.session_secret,
    }


def custom_data(crash: Crash) -> dict[str, str]:
    """Return what an application attaches to its reports for its own use."""
    persona = crash.persona
    return {
        "userName": persona.user_name,
        "deviceName": persona.host_name,
        "deviceId": persona.device_id,
        "email": persona.mail_address,
        "peer": persona.ip_address,
        "document": persona.document_name,
        "comment": persona.comment,
    }
