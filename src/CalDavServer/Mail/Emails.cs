
namespace CalDavServer.Mail;

/// <summary>What is written to people about their accounts. No names and nothing that anybody typed: an e-mail to a wrong address tells next to nothing, and nobody can have their own words sent by the server.</summary>
internal static class Emails
{
    public static Email Reset(string to, Uri link) => new(to, "Set a new password for CalendarSync", $"""
        Hello,

        Somebody, probably you, asked for a new password for CalendarSync. Open this link within an hour to choose one:

        {link}

        If it was not you, you need not do anything: your password stays as it is.

        """)
    {
        IsUrgent = true,
    };

    public static Email Invitation(string to, Uri link) => new(to, "Your access to CalendarSync", $"""
        Hello,

        The administrator of a practice has invited you to CalendarSync. Open this link within 7 days to choose your password:

        {link}

        If you did not expect this, ask your practice; if you have none that uses CalendarSync, ignore this e-mail.

        """);

    public static Email NewAddress(string to, Uri link) => new(to, "Confirm your e-mail address for CalendarSync", $"""
        Hello,

        This e-mail address was entered for a CalendarSync account. Open this link within a day if the account is yours:

        {link}

        If it is not, you need not do anything: unless the link is opened, you get no further e-mails.

        """);

    public static Email PasswordSet(string to) => new(to, "Your CalendarSync password was set", """
        Hello,

        The password of your CalendarSync account was set a moment ago, and every browser was signed out.

        If it was not you, tell the administrator of your practice at once.

        """);

    public static Email PasswordChanged(string to) => new(to, "Your CalendarSync password was changed", """
        Hello,

        The password of your CalendarSync account was changed a moment ago, and your other browsers were signed out.

        If it was not you, choose a new one with "Forgotten your password?" on the sign-in page and tell the administrator of your practice at once.

        """);

    public static Email Guesses(string to) => new(to, "Somebody is trying passwords for your CalendarSync account", """
        Hello,

        Somebody has tried about fifty wrong passwords for your CalendarSync account. From places where you have not signed in before, only one try every two minutes is now allowed.

        Where you signed in before, everything works as always, and so do the devices that you connected. If you cannot sign in at a new place, use "Forgotten your password?" on the sign-in page and open the link at that place: it lets you in.

        If your password is short, or you use it elsewhere too, choose another one, and turn on two-step sign-in. You need not do anything else. As long as the attempts continue, you get this e-mail once a day.

        """);

    public static Email AddressChanged(string to) => new(to, "Your e-mail address for CalendarSync was changed", """
        Hello,

        The e-mail address of your CalendarSync account was changed a moment ago: e-mails go to the new one from now on.

        If neither you nor the administrator of your practice changed it, tell the administrator at once.

        """);

    public static Email AddressRemoved(string to) => new(to, "Your e-mail address for CalendarSync was removed", """
        Hello,

        The e-mail address of your CalendarSync account was removed a moment ago: you get no e-mails from now on.

        If neither you nor the administrator of your practice removed it, tell the administrator at once.

        """);

    public static Email PasskeyAdded(string to) => OfSecurity(to, "A passkey was added to your account", "A passkey was added to your CalendarSync account a moment ago: whoever has it can sign in without your password. Remove it in Settings > Passkeys if it is not yours.");

    public static Email PasskeyRemoved(string to) => OfSecurity(to, "A passkey was removed from your account", "A passkey was removed from your CalendarSync account a moment ago. It no longer works.");

    public static Email SecondFactorOn(string to) => OfSecurity(to, "Two-step sign-in was turned on", "Two-step sign-in was turned on for your CalendarSync account a moment ago: signing in asks for a code from your app, or a passkey, after the password.");

    public static Email SecondFactorOff(string to) => OfSecurity(to, "Two-step sign-in was turned off", "Two-step sign-in was turned off for your CalendarSync account a moment ago: the password alone now opens it.");

    public static Email RecoveryCodesMade(string to) => OfSecurity(to, "New recovery codes for CalendarSync", "New recovery codes were made for your CalendarSync account a moment ago. The previous ones no longer work.");

    public static Email DeviceAdded(string to) => OfSecurity(to, "A device was added to your calendar", "An app password for a new device was made for your CalendarSync account a moment ago: whoever has it can read your calendar. Take its access away in Settings > Sync health if it is not yours.");

    public static Email DeviceRenewed(string to) => OfSecurity(to, "A device of yours has a new password", "A device of your CalendarSync account got a new app password a moment ago: whoever has it can read your calendar. Take its access away in Settings > Sync health if you did not ask for it.");

    public static Email DeviceOpened(string to) => OfSecurity(to, "A device of yours may see or do more", "A device of your CalendarSync account was allowed a moment ago to see or change more of your calendar. Check it in Settings > Sync health.");

    public static Email FeedOn(string to) => OfSecurity(to, "A calendar feed was switched on", "The one-way calendar feed of your CalendarSync account was switched on, or got a new address, a moment ago: whoever has the address can read your calendar. Switch it off in Settings > Integrations > One-way calendar feed if you do not want it.");

    public static Email FeedOpened(string to) => OfSecurity(to, "Your calendar feed shows more", "The one-way calendar feed of your CalendarSync account was changed a moment ago and now shows more of your appointments. Check it in Settings > Integrations > One-way calendar feed.");

    public static Email AdministratorAdded(string to) => OfSecurity(to, "Your practice has another administrator", "Somebody was made an administrator of your practice in CalendarSync a moment ago, or was given that access back. Administrators invite people and give them access. Settings > People shows who they are.");

    public static Email PasswordRemoved(string to) => OfSecurity(to, "Your CalendarSync password was removed", "The password of your CalendarSync account was removed a moment ago: only your passkeys open it now.");

    private static Email OfSecurity(string to, string subject, string what) => new(to, subject, $"""
        Hello,

        {what}

        If this was neither you nor the administrator of your practice at your request, change your password and tell the administrator at once.

        """)
    {
        IsWarning = true,
    };
}
