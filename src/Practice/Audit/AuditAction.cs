namespace Practice.Audit;

/// <summary>What was done. The names are in stored lines: one that is here stays, with its meaning.</summary>
public enum AuditAction
{
    /// <summary>Not said.</summary>
    None,

    // appointments

    /// <summary>A patient appointment was booked.</summary>
    Booked,

    /// <summary>A personal appointment was added.</summary>
    Added,

    /// <summary>Edited.</summary>
    Edited,

    /// <summary>Put at another time, whatever else was edited with it.</summary>
    Moved,

    /// <summary>An edit of which something was not taken.</summary>
    EditedInPart,

    /// <summary>A device gave it another name in its calendar; nothing else was changed.</summary>
    Renamed,

    /// <summary>Cancelled.</summary>
    Cancelled,

    /// <summary>The patient did not attend.</summary>
    DidNotAttend,

    /// <summary>Removed outside, kept in the diary (R6).</summary>
    KeptInDiary,

    /// <summary>Put back.</summary>
    Restored,

    /// <summary>Deleted for good.</summary>
    Deleted,

    /// <summary>Names and details are shown as far as the key of Halaxy may see them now; nobody edited it.</summary>
    ShownAnew,

    /// <summary>A change was refused in Halaxy, and it is as it was.</summary>
    SetBack,

    /// <summary>A personal appointment became a patient appointment (R4).</summary>
    Converted,

    /// <summary>A series was split in two.</summary>
    Split,

    /// <summary>An invoice was linked or unlinked.</summary>
    InvoiceLinked,

    /// <summary>An invoice was unlinked.</summary>
    InvoiceUnlinked,

    /// <summary>A clinical note was linked.</summary>
    NoteLinked,

    /// <summary>A clinical note was unlinked.</summary>
    NoteUnlinked,

    /// <summary>It is served outside from now on (R5).</summary>
    Published,

    /// <summary>What a device wrote and was not taken, the practitioner took over.</summary>
    TakenOver,

    /// <summary>What a device wrote and was not taken, the practitioner left so.</summary>
    LeftAsItIs,

    /// <summary>A device wanted it to be otherwise, and was refused.</summary>
    Refused,

    /// <summary>Given to another practitioner.</summary>
    HandedOver,

    /// <summary>Given by another practitioner.</summary>
    Received,

    // people and access

    /// <summary>Signed in to the pages.</summary>
    SignedIn,

    /// <summary>A sign-in that failed.</summary>
    SignInFailed,

    /// <summary>Signed out.</summary>
    SignedOut,

    /// <summary>A session was ended from another one.</summary>
    SessionEnded,

    /// <summary>A person was invited.</summary>
    Invited,

    /// <summary>An invitation was taken up.</summary>
    InvitationAccepted,

    /// <summary>A person's access was cut; their data is kept.</summary>
    Deactivated,

    /// <summary>A person's access was given back.</summary>
    Reactivated,

    /// <summary>The password was changed.</summary>
    PasswordChanged,

    /// <summary>A link to reset the password was asked for.</summary>
    PasswordResetRequested,

    /// <summary>The password was reset by such a link.</summary>
    PasswordReset,

    /// <summary>The second step of signing in was turned on.</summary>
    SecondFactorOn,

    /// <summary>The second step of signing in was turned off.</summary>
    SecondFactorOff,

    /// <summary>New recovery codes were made; the ones before open nothing.</summary>
    RecoveryCodesMade,

    /// <summary>A passkey was added.</summary>
    PasskeyAdded,

    /// <summary>A passkey was removed.</summary>
    PasskeyRemoved,

    /// <summary>The password was removed: the person signs in with passkeys.</summary>
    PasswordRemoved,

    /// <summary>The e-mail address of a person was changed: e-mails, and links for a forgotten password, go there.</summary>
    AddressChanged,

    /// <summary>Somebody became an administrator of the practice, or got that access back.</summary>
    AdministratorAdded,

    /// <summary>Name, e-mail address or other details of a person were changed.</summary>
    PersonChanged,

    /// <summary>Name, time zone or hours of the practice were changed.</summary>
    PracticeChanged,

    // devices, links and feeds

    /// <summary>An app password was made.</summary>
    AppPasswordMade,

    /// <summary>Something of an app password was changed for which there is no action here: its label or scope.</summary>
    AppPasswordChanged,

    /// <summary>What a device is shown was changed.</summary>
    AppPasswordLevelChanged,

    /// <summary>A device got another app password; the old one is gone.</summary>
    AppPasswordReplaced,

    /// <summary>An app password was revoked.</summary>
    AppPasswordRevoked,

    /// <summary>A link to an outside calendar was made.</summary>
    LinkMade,

    /// <summary>A link to an outside calendar was changed.</summary>
    LinkChanged,

    /// <summary>A link to an outside calendar was removed.</summary>
    LinkRemoved,

    /// <summary>A practice group was connected to its Halaxy account.</summary>
    HalaxyConnected,

    /// <summary>A practice group was disconnected from its Halaxy account.</summary>
    HalaxyDisconnected,

    /// <summary>It was forgotten which appointments came from the Halaxy account that was connected before.</summary>
    HalaxyForgotten,

    /// <summary>Who is who in Halaxy was changed.</summary>
    HalaxyMatched,

    /// <summary>The connection to Halaxy got another API key.</summary>
    HalaxyKeyChanged,

    /// <summary>Calendar synchronisation that was bought was set up: from then on the calendar is open to devices.</summary>
    SyncSetUp,

    /// <summary>Existing appointments were included (R5).</summary>
    ExistingIncluded,

    /// <summary>The one-way feed was switched on (R12).</summary>
    FeedMade,

    /// <summary>The privacy level of the one-way feed was changed.</summary>
    FeedChanged,

    /// <summary>The one-way feed got another address; the old one is gone.</summary>
    FeedRegenerated,

    /// <summary>The one-way feed was switched off.</summary>
    FeedStopped,

    /// <summary>The address of the one-way feed was sent by e-mail.</summary>
    FeedSent,

    // subscription

    /// <summary>A subscription was bought.</summary>
    SubscriptionBought,

    /// <summary>A subscription was renewed.</summary>
    SubscriptionRenewed,

    /// <summary>A subscription was cancelled.</summary>
    SubscriptionCancelled,

    /// <summary>A cancellation was taken back.</summary>
    SubscriptionResumed,

    /// <summary>A subscription ended.</summary>
    SubscriptionLapsed,

    /// <summary>Credits were added.</summary>
    CreditsAdded,

    /// <summary>The payment band of the practice was changed.</summary>
    PaymentBandChanged,

    // what leaves or ends

    /// <summary>The audit log was downloaded.</summary>
    AuditExported,

    /// <summary>A practitioner's data was exported.</summary>
    Exported,

    /// <summary>A practitioner's data was erased.</summary>
    Erased,
}
