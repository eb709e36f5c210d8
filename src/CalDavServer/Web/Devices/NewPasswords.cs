using CalDavServer.Access;
using CalDavServer.Web.SignIn;
using Calendaring.Store;
using NodaTime;

namespace CalDavServer.Web.Devices;

/// <summary>
/// Makes the secrets of devices, and hands each out once on the page and once in a profile for Apple devices: to the browser session in which it was made, within minutes. They are in memory only;
/// with the server they are gone, and another can be made.
/// </summary>
internal sealed class NewPasswords(OwnDevices devices, IClock clock)
{
    private const int MaxKept = 1000;
    private static readonly Duration KeptFor = Duration.FromMinutes(15);
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Session, string Device), NewPassword> _kept = [];

    private sealed record NewPassword(string Secret, Instant Until, bool ForPage = true, bool ForProfile = true);

    /// <summary>Makes a device with an app password. False when it is there already: a form that was sent twice makes one.</summary>
    public async Task<bool> MakeAsync(Person person, Credential device)
    {
        var secret = AppPassword.Generate();
        if (!await devices.MakeAsync(person, AppPassword.WithGenerated(device, secret))) return false;
        Keep(person, device.Id, secret);
        return true;
    }

    /// <summary>
    /// Gives a device another app password; the old one no longer opens anything. False when it has been revoked, or has got another password since it was read: of two who press the button at the
    /// same time, one would be shown a password that opens nothing.
    /// </summary>
    public async Task<bool> ReplaceAsync(Person person, Credential device)
    {
        var secret = AppPassword.Generate();
        var replaced = await devices.ChangeAsync(person, device.Id, now => now.SecretHash == device.SecretHash ? AppPassword.WithGenerated(now, secret) : null);
        if (!replaced) return false;
        Keep(person, device.Id, secret);
        return true;
    }

    /// <summary>The password, to be shown on the page; null when it has been.</summary>
    public string? TakeForPage(Person person, string deviceId) => Take(person, deviceId, kept => kept.ForPage, kept => kept with { ForPage = false });

    /// <summary>The password, to be put into a profile; null when it has been.</summary>
    public string? TakeForProfile(Person person, string deviceId) => Take(person, deviceId, kept => kept.ForProfile, kept => kept with { ForProfile = false });

    /// <summary>Whether there is a password to put into a profile.</summary>
    public bool HasForProfile(Person person, string deviceId)
    {
        lock (_lock) return _kept.TryGetValue((person.Browser.Id, deviceId), out var kept) && kept.ForProfile && kept.Until > clock.GetCurrentInstant();
    }

    private void Keep(Person person, string deviceId, string secret)
    {
        var now = clock.GetCurrentInstant();
        lock (_lock)
        {
            foreach (var (key, old) in _kept)
            {
                if (old.Until <= now) _kept.Remove(key);
            }

            if (_kept.Count < MaxKept) _kept[(person.Browser.Id, deviceId)] = new NewPassword(secret, now + KeptFor);
        }
    }

    private string? Take(Person person, string deviceId, Func<NewPassword, bool> isThere, Func<NewPassword, NewPassword> taken)
    {
        var key = (person.Browser.Id, deviceId);
        lock (_lock)
        {
            if (!_kept.TryGetValue(key, out var kept) || kept.Until <= clock.GetCurrentInstant() || !isThere(kept)) return null;
            _kept[key] = taken(kept);
            return kept.Secret;
        }
    }
}
