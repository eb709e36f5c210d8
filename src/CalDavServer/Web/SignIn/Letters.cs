using CalDavServer.Mail;

namespace CalDavServer.Web.SignIn;

/// <summary>What is written to people about their accounts. No names: a letter to a wrong address tells nothing.</summary>
internal static class Letters
{
    public static Letter Reset(string to, Uri link) => new(to, "Set a new password for CalendarSync", $"""
        Hello,

        somebody, probably you, asked for a new password for CalendarSync. Open this link within an hour to choose one:

        {link}

        If it was not you, you need not do anything: your password stays as it is.

        """);

    public static Letter Invitation(string to, string practice, Uri link) => new(to, $"Your access to CalendarSync for {practice}", $"""
        Hello,

        {practice} has invited you to CalendarSync. Open this link within 7 days to choose your password:

        {link}

        If you did not expect this, ask your practice.

        """);

    public static Letter PasswordSet(string to) => new(to, "Your CalendarSync password was set", """
        Hello,

        the password of your CalendarSync account was set a moment ago, and every browser was signed out.

        If it was not you, tell the administrator of your practice at once.

        """);

    public static Letter PasswordChanged(string to) => new(to, "Your CalendarSync password was changed", """
        Hello,

        the password of your CalendarSync account was changed a moment ago, and your other browsers were signed out.

        If it was not you, choose a new one with "Forgotten your password?" on the sign-in page and tell the administrator of your practice at once.

        """);
}
