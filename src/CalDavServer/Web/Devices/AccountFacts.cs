using Calendaring.Store;

namespace CalDavServer.Web.Devices;

/// <summary>What a calendar app has to be told, at the server's public address, or, where none is set, as it is seen from the browser.</summary>
internal sealed record AccountFacts(bool Https, string Host, int Port, string Login, string PrincipalPath)
{
    public static AccountFacts Of(Uri? publicAddress, HttpRequest request, Principal principal)
    {
        var address = publicAddress ?? new Uri($"{request.Scheme}://{request.Host}/");
        return new AccountFacts(address.Scheme == "https", address.Host, address.Port, principal.Login, $"/dav/principals/{Uri.EscapeDataString(principal.Id)}/");
    }

    private bool IsUsualPort => Port == (Https ? 443 : 80);

    private string Authority => IsUsualPort ? Host : $"{Host}:{Port}";

    /// <summary>The address that every app takes.</summary>
    public string Url => $"{(Https ? "https" : "http")}://{Authority}/";

    /// <summary>What apps that ask for a server take.</summary>
    public string Server => Authority;

    /// <summary>The address with login and password, as calendar apps on Android open it.</summary>
    public string AppUrl(string password) =>
        $"{(Https ? "caldavs" : "caldav")}://{Uri.EscapeDataString(Login)}:{Uri.EscapeDataString(password)}@{Authority}/";
}
