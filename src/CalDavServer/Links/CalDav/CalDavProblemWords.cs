using ProviderBridge.CalDav;

namespace CalDavServer.Links.CalDav;

/// <summary>Why an account at a CalDAV server was not connected, and what to do about it.</summary>
internal static class CalDavProblemWords
{
    public static string Of(Provider provider, CalDavProblem problem, string typed, string password) => problem switch
    {
        CalDavProblem.NoAddress => "That is not the address of a server. Type the address that your service gives for CalDAV, such as https://calendar.example.com/dav, the name of the server, or your e-mail address there.",
        CalDavProblem.Internal => "That server is on this server's own network. This server connects to nothing there unless whoever runs it allows it (the setting caldavinternal).",
        CalDavProblem.Certificate => $"{provider.Words.AtStart} has a certificate that cannot be trusted: it has expired, is for another name, or was issued by an authority that this server does not know. The password was not sent.",
        CalDavProblem.Elsewhere => "The server redirects to another server that belongs to somebody else, so the password was not sent there. If you trust that server, type its own address, which your service gives for CalDAV.",
        CalDavProblem.Unprotected => "The server redirects to an address of its own that begins with http and is not encrypted, so the password was not sent there. Type the address that begins with https, or tell whoever runs the server.",
        CalDavProblem.Refused => provider.Password!.Refused(password),
        CalDavProblem.Busy => $"{provider.Words.AtStart} is busy or not available at the moment. Try again in a few minutes.",
        CalDavProblem.NotCalDav when provider.Password!.Address is null => $"There is a server at {Shown(typed)}, but it does not answer as a CalDAV server does. Check whether your service has another address for CalDAV.",
        CalDavProblem.NotCalDav or CalDavProblem.TooLarge => $"{provider.Words.AtStart} does not answer as a CalDAV server does. Try again in a few minutes.",
        _ => $"{provider.Words.AtStart} cannot be reached, or does not answer. {(provider.Password!.Address is null ? "Check whether the address is right, or try again in a few minutes." : "Try again in a few minutes.")}",
    };

    private static string Shown(string typed) => typed.Length <= 100 ? typed : $"{typed[..100]}…";
}
