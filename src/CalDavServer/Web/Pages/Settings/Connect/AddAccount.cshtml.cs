using CalDavServer.Links;
using Microsoft.AspNetCore.Mvc;
using Practice.Subscriptions;

namespace CalDavServer.Web.Pages.Settings.Connect;

/// <summary>An account at a provider: where its connection is set up as soon as the server can connect to it. Until then, what works instead.</summary>
internal sealed class AddAccountModel(Billing billing, GoogleConnection? google = null) : ConnectPage(billing)
{
    [FromRoute]
    public string Service { get; set; } = "";

    public string Name => Service switch
    {
        "icloud" => "iCloud",
        "google" => "Google",
        "outlook" => "Outlook.com",
        "office365" => "Office 365",
        _ => "Exchange",
    };

    /// <summary>The account in a sentence.</summary>
    public string Account => Service switch
    {
        "exchange" => "an Exchange account",
        "icloud" or "office365" => $"an {Name} account",
        "outlook" => "an Outlook.com account",
        _ => $"a {Name} account",
    };

    public IActionResult OnGet() => Service == "google" && google is not null ? LocalRedirect("/settings/integrations/google") : Page();
}
